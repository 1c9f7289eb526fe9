import { PyDate, PyFloat } from '../../../components/core/python.ts';
import type { Recorder } from '../../tracking/recorder.ts';

/** What is said of the run at the top of its report. */
export interface RunFacts {
  readonly id: string;
  readonly name: string;
  readonly experimentId: string;
  readonly started: string;
  readonly model: string;
  readonly dataset: string;
  readonly handler: string;
  readonly strategy: string;
  /** Expression of the price at which orders are dealt. */
  readonly dealPrice: string;
  readonly benchmark: string;
}

/** From the recorder and its artifact `task`; what is not there is an empty text. */
export async function loadRunFacts(recorder: Recorder, names: ReadonlySet<string>): Promise<RunFacts> {
  const task = names.has('task') ? await recorder.loadObject('task') : undefined;
  const config = portConfig(at(task, 'record'));
  const { info } = recorder;
  return {
    id: recorder.id,
    name: recorder.name,
    experimentId: recorder.experimentId,
    started: info.start_time ?? '',
    model: className(at(task, 'model')),
    dataset: className(at(task, 'dataset')),
    handler: className(at(at(at(task, 'dataset'), 'kwargs'), 'handler')),
    strategy: className(at(config, 'strategy')),
    dealPrice: priceExpression(at(at(at(config, 'backtest'), 'exchange_kwargs'), 'deal_price')),
    benchmark: benchmarkText(at(at(config, 'backtest'), 'benchmark')),
  };
}

/** A code, or whose mean it is. */
function benchmarkText(given: unknown): string {
  const market = at(given, 'market');
  return typeof market === 'string' ? `the mean of ${market}` : textOf(given);
}

/** A member of a Python dict or of an object. */
export function at(value: unknown, key: string): unknown {
  if (value instanceof Map) return value.get(key);
  return typeof value === 'object' && value !== null && Object.hasOwn(value, key)
    ? (value as Record<string, unknown>)[key]
    : undefined;
}

/** `config` of the first record that has a backtest. */
export function portConfig(records: unknown): unknown {
  const list: unknown[] = Array.isArray(records) ? records : [records];
  return list.map((record) => at(at(record, 'kwargs'), 'config')).find((config) => at(config, 'backtest'));
}

function className(spec: unknown): string {
  return textOf(at(spec, 'class') ?? (typeof spec === 'string' ? spec : undefined));
}

function textOf(value: unknown): string {
  if (typeof value === 'string' || typeof value === 'number') return String(value);
  if (value instanceof PyFloat) return String(value.value);
  if (value instanceof PyDate) return new Date(value.time).toISOString().slice(0, 10);
  if (Array.isArray(value)) return `${value.length} instruments`;
  return '';
}

/** One price for both directions as an expression; the close where the config has two, or none. */
function priceExpression(given: unknown): string {
  if (typeof given !== 'string' || given === '') return '$close';
  return given.startsWith('$') || given.includes('(') ? given : `$${given}`;
}
