import type { ArtifactPlaces } from '../artifact-places.ts';
import type { Fields } from '../fields.ts';
import type { Route, Services } from '../route.ts';

export interface Parameter {
  readonly name: string;
  readonly type: 'string' | 'integer' | 'array';
  readonly required?: boolean;
  readonly description: string;
}

export interface ApiServices extends Services {
  readonly places: ArtifactPlaces;
}

/** A call of our own API, with what its OpenAPI document says. */
export interface ApiRoute extends Pick<Route, 'path'> {
  readonly method: 'GET' | 'POST';
  readonly summary: string;
  readonly parameters: readonly Parameter[];
  handle(fields: Fields, services: ApiServices): Promise<object>;
}

export const runParameter: Parameter = {
  name: 'run_id',
  type: 'string',
  required: true,
  description: 'id of the run',
};
