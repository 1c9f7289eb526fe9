import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { UserError } from '../../../components/core/errors.ts';
import type { CatalogueEntry, Definition } from '../../../components/core/registry.ts';
import {
  checkWorkflow,
  formatErrors,
  formatWarnings,
  readWorkflow,
  type Workflow,
} from '../../../runner/config/index.ts';

/** A folder of files that vanishes with `remove`. */
export class Files {
  readonly folder = mkdtempSync(join(tmpdir(), 'qrun-config-'));

  write(name: string, text: string | Uint8Array): string {
    const path = join(this.folder, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
    return path;
  }

  read(name: string, env: Readonly<Record<string, string>> = {}): Promise<Workflow> {
    return readWorkflow(name, { env, cwd: this.folder });
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** The message of the user error that `run` ends with. */
export async function messageOf(run: () => unknown): Promise<string> {
  try {
    await run();
  } catch (error) {
    if (error instanceof UserError) return error.message;
    throw error;
  }
  return 'no error';
}

export const entry = (
  kind: string,
  name: string,
  modulePaths: readonly string[],
  definition: Omit<Definition<unknown>, 'name'>,
): CatalogueEntry => ({ kind, name, modulePaths, load: () => Promise.resolve({ ...definition, name }) });

const create = () => undefined;

/** A small world of components, made for these tests. */
export const catalogue: readonly CatalogueEntry[] = [
  entry('model', 'LinearModel', ['qlib.contrib.model.linear'], {
    schema: {
      type: 'object',
      properties: {
        estimator: { enum: ['ols', 'ridge'] },
        alpha: { type: 'number', minimum: 0, description: 'weight of the penalty' },
        is_fast: { type: ['boolean', 'null'] },
        limit: {
          anyOf: [
            { type: 'number', minimum: 0 },
            { type: 'array', items: { type: 'string' }, minItems: 2, maxItems: 2 },
            { type: 'null' },
          ],
        },
      },
      additionalProperties: false,
    },
    create,
  }),
  entry('dataset', 'DatasetH', ['qlib.data.dataset'], {
    schema: {
      type: 'object',
      properties: {
        handler: { component: 'handler', description: 'where the data comes from' },
        segments: {
          type: 'object',
          additionalProperties: { type: 'array', minItems: 2, maxItems: 2, items: { date: true } },
        },
      },
      required: ['handler', 'segments'],
      additionalProperties: false,
    },
    create,
  }),
  entry('handler', 'Alpha158', ['qlib.contrib.data.handler'], {
    schema: {
      type: 'object',
      properties: {
        instruments: { type: ['string', 'array', 'object', 'null'] },
        start_time: { date: true },
        end_time: { date: true },
        fit_start_time: { date: true },
        fit_end_time: { date: true },
        freq: { type: 'string' },
        label: { type: 'array', items: { type: 'string', expression: true } },
        infer_processors: {
          type: 'array',
          items: { component: 'processor', defaultModule: 'qlib.data.dataset.processor' },
        },
      },
      additionalProperties: false,
    },
    create,
  }),
  entry('processor', 'Fillna', ['qlib.data.dataset.processor'], {
    schema: {
      type: 'object',
      properties: { fields_group: { type: ['string', 'null'] }, fill_value: { type: 'number' } },
      additionalProperties: false,
    },
    create,
  }),
  entry('record', 'SignalRecord', ['qlib.workflow.record_temp'], {
    schema: { type: 'object', properties: { model: { component: 'model' } }, additionalProperties: false },
    create,
  }),
  entry('record', 'PortAnaRecord', ['qlib.workflow.record_temp'], {
    schema: {
      type: 'object',
      properties: {
        config: {
          type: 'object',
          properties: { strategy: { component: 'strategy' }, backtest: { type: 'object' } },
          required: ['strategy', 'backtest'],
          additionalProperties: false,
        },
      },
      required: ['config'],
      additionalProperties: false,
    },
    create,
  }),
  entry('strategy', 'TopkDropoutStrategy', ['qlib.contrib.strategy'], {
    schema: {
      type: 'object',
      properties: {
        signal: {},
        topk: { type: 'integer', minimum: 1 },
        n_drop: { type: 'integer', minimum: 0 },
      },
      required: ['topk', 'n_drop'],
      additionalProperties: false,
    },
    create,
  }),
];

/** Errors and warnings of a workflow text, as the terminal shows them; the file is `w.yaml`. */
export async function check(
  files: Files,
  text: string,
): Promise<{ errors: string; warnings: string; workflow: Workflow }> {
  files.write('w.yaml', text);
  const workflow = await files.read('w.yaml');
  const { errors, warnings } = await checkWorkflow(workflow, catalogue);
  return { errors: formatErrors(errors, workflow), warnings: formatWarnings(warnings, workflow), workflow };
}

/** A workflow without mistakes; `lines` of it can be replaced: `{ 12: '    alpha: x' }`. */
export function workflowText(lines: Readonly<Record<number, string>> = {}): string {
  return base
    .split('\n')
    .map((line, i) => lines[i + 1] ?? line)
    .join('\n');
}

const base = `qlib_init:
  provider_uri: data
  region: us
market: &market dow30
task:
  model:
    class: LinearModel
    module_path: qlib.contrib.model.linear
    kwargs:
      estimator: ridge
      alpha: 0.05
  dataset:
    class: DatasetH
    module_path: qlib.data.dataset
    kwargs:
      handler:
        class: Alpha158
        module_path: qlib.contrib.data.handler
        kwargs:
          start_time: 2017-01-03
          end_time: 2018-06-29
          fit_start_time: 2017-01-03
          fit_end_time: 2017-09-29
          instruments: *market
          infer_processors:
            - class: Fillna
              kwargs: {fields_group: feature}
      segments:
        train: [2017-01-03, 2017-09-29]
        valid: [2017-10-02, 2017-12-29]
        test: [2018-01-02, 2018-06-29]
  record:
    - class: SignalRecord
      kwargs: {model: <MODEL>}
    - class: PortAnaRecord
      kwargs:
        config:
          strategy:
            class: TopkDropoutStrategy
            module_path: qlib.contrib.strategy
            kwargs: {signal: <PRED>, topk: 5, n_drop: 1}
          backtest:
            start_time: 2018-01-02
            end_time: 2018-06-28
`;
