import type { Time } from '../../components/core/dates.ts';
import { lowerBound } from '../../components/core/dates.ts';
import type { Log } from '../../components/core/log.ts';
import type { Panel } from '../../components/core/panel.ts';
import { isColumnProcessor } from '../../components/dataset/processor/column-processor.ts';
import type { Dataset, Processor } from '../../components/dataset/types.ts';
import { blasThreadsOf, createContext } from '../context.ts';
import type { FeatureTrace, StepInfo } from './explanation.ts';
import type { OpenRun } from './open-run.ts';
import { fieldRecorder, traceProcessors } from './traced-context.ts';

type Row = ReadonlyMap<string, number>;

/**
 * Loads the dataset of a run again and follows one row through its processors. Where none of these learns, only that day is loaded; else
 * what they learn from is needed too.
 */
export async function traceFeatures(
  run: OpenRun,
  log: Log,
  instrument: string,
  time: Time,
): Promise<FeatureTrace> {
  const full = await trace(run, log, instrument, time, run.settings.task.dataset, false);
  if (full) return full;
  return (await trace(run, log, instrument, time, onlyDay(run.settings.task.dataset, time), true))!;
}

/** Undefined where nothing learns and `anyway` is false: then one day is enough. */
async function trace(
  { workflow, settings, data, pool }: OpenRun,
  log: Log,
  instrument: string,
  time: Time,
  spec: unknown,
  anyway: boolean,
): Promise<FeatureTrace | undefined> {
  const recorder = fieldRecorder(data);
  const context = createContext({
    workflow,
    regionName: settings.qlib.region,
    data: recorder.data,
    pool,
    log,
    seed: 0,
    now: Date.now,
    blasThreads: blasThreadsOf(process.env),
  });
  const steps: StepInfo[] = [];
  const rows: (Row | undefined)[] = [];
  let raw: Row | undefined;
  let learns = false;
  const build = context.build.bind(context);
  const watched: typeof context.build = async (kind, given, path) => {
    const made = await build(kind, given, path);
    if (kind === 'processor') learns ||= canLearn(made as Processor);
    return made;
  };
  Object.assign(context, { build: watched });
  traceProcessors(context, (place, name, panel, before) => {
    if (steps.length === 0) raw = rowOf(before, instrument, time);
    steps.push({ place, name });
    rows.push(rowOf(panel, instrument, time));
  });
  const dataset: Dataset = await context.build('dataset', spec, ['task', 'dataset']);
  if (!learns && !anyway) return undefined;
  await dataset.setup();
  if (steps.length === 0) {
    const view = await dataset.handler.fetch(
      { start: time, end: time },
      { colSet: '__raw', dataKey: 'infer' },
    );
    raw = rowOf(view, instrument, time);
  }
  const names = [...(raw?.keys() ?? [])];
  return {
    steps,
    columns: names.map((key) => {
      const dot = key.indexOf('.');
      return {
        group: key.slice(0, dot) || null,
        name: key.slice(dot + 1),
        expression: recorder.expressions.get(key),
        raw: raw!.get(key)!,
        after: rows.map((row) => row?.get(key)),
      };
    }),
  };
}

function canLearn(processor: Processor): boolean {
  return isColumnProcessor(processor) ? processor.fitColumn !== undefined : processor.fit !== undefined;
}

/** The dataset with a handler of one day; as it is where the handler is no class config. */
function onlyDay(spec: unknown, time: Time): unknown {
  const day = new Date(time).toISOString().slice(0, 10);
  const kwargs = member(spec, 'kwargs');
  const handler = member(kwargs, 'handler');
  const own = member(handler, 'kwargs');
  if (!isObject(own) || !isObject(handler) || !isObject(kwargs) || !isObject(spec)) return spec;
  return {
    ...spec,
    kwargs: {
      ...kwargs,
      handler: { ...handler, kwargs: { ...own, start_time: day, end_time: day } },
    },
  };
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function member(value: unknown, key: string): unknown {
  return isObject(value) ? value[key] : undefined;
}

/** The row of an instrument on a day, by `group.name`; undefined where the panel has none. */
function rowOf({ index, columns }: Panel, instrument: string, time: Time): Row | undefined {
  const t = lowerBound(index.times, time);
  if (index.times[t] !== time) return undefined;
  const code = index.instruments.indexOf(instrument);
  for (let row = index.offsets[t]!; row < index.offsets[t + 1]!; row++)
    if (index.codes[row] === code)
      return new Map(
        columns.map(({ group, name, values, rows }) => [
          `${group ?? ''}.${name}`,
          values[rows ? rows[row]! : row]!,
        ]),
      );
  return undefined;
}
