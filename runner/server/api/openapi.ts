import type { ApiRoute, Parameter } from './api-route.ts';

/** Answers that are files. */
export interface FileRoute {
  readonly path: string;
  readonly summary: string;
  readonly parameters: readonly Parameter[];
  readonly content: string;
}

/** The OpenAPI document of our own API. */
export function openApi(prefix: string, routes: readonly ApiRoute[], files: readonly FileRoute[]): object {
  const paths: Record<string, Record<string, object>> = {};
  for (const { method, path, summary, parameters } of routes) {
    const url = prefix + path.replace(/:(\w+)/g, '{$1}');
    paths[url] = {
      ...paths[url],
      [method.toLowerCase()]: operation(method, url, summary, parameters, 'application/json'),
    };
  }
  for (const { path, summary, parameters, content } of files) {
    const url = prefix + path.replace(/:(\w+)/g, '{$1}');
    paths[url] = { ...paths[url], get: operation('GET', url, summary, parameters, content) };
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'qrun server',
      version: '1',
      description:
        'What the page needs beyond the REST API of MLflow, which the server speaks below /api/2.0/mlflow.',
    },
    paths,
    components: {
      schemas: {
        Error: {
          type: 'object',
          required: ['error_code', 'message'],
          properties: { error_code: { type: 'string' }, message: { type: 'string' } },
        },
      },
      securitySchemes: { token: { type: 'http', scheme: 'bearer' } },
    },
    security: [{}, { token: [] }],
  };
}

function operation(
  method: string,
  url: string,
  summary: string,
  parameters: readonly Parameter[],
  content: string,
): object {
  const inPath = parameters.filter(({ name }) => url.includes(`{${name}}`));
  const others = parameters.filter((parameter) => !inPath.includes(parameter));
  const described = (parameter: Parameter, place: string) => ({
    name: parameter.name,
    in: place,
    required: place === 'path' || parameter.required === true,
    description: parameter.description,
    schema: schemaOf(parameter),
  });
  const error = {
    description: 'refused',
    content: { 'application/json': { schema: { $ref: '#/components/schemas/Error' } } },
  };
  return {
    summary,
    operationId: `${method.toLowerCase()}${url.replace(/\W+(\w)/g, (_, c: string) => c.toUpperCase()).replace(/\W/g, '')}`,
    parameters: [
      ...inPath.map((p) => described(p, 'path')),
      ...(method === 'GET' ? others.map((p) => described(p, 'query')) : []),
    ],
    ...(method === 'POST' && {
      requestBody: {
        content: {
          'application/json': {
            schema: {
              type: 'object',
              required: others.filter((p) => p.required).map((p) => p.name),
              properties: Object.fromEntries(
                others.map((p) => [p.name, { ...schemaOf(p), description: p.description }]),
              ),
            },
          },
        },
      },
    }),
    responses: {
      200: { description: 'done', content: { [content]: {} } },
      '4XX': error,
    },
  };
}

const schemaOf = ({ type }: Parameter): object =>
  type === 'array' ? { type, items: { type: 'string' } } : { type };
