import { shortKey, shownDuration, shownNumber, shownTime } from '../format.ts';
import { writtenKey } from '../parts/completions.ts';
import type { RunRow } from '../types.ts';

/** A column of the table of runs. */
export interface RunColumn {
  /** `metrics.IC`, `params.lr`, `tags.x`, or the name of an attribute. */
  readonly key: string;
  readonly name: string;
  readonly isNumber: boolean;
  /** How the search language names it. */
  readonly order: string | null;
  value(run: RunRow): string | number | null;
  show(run: RunRow): string;
}

const fixed: Readonly<Record<string, Omit<RunColumn, 'key'>>> = {
  status: {
    name: 'Status',
    isNumber: false,
    order: 'attributes.status',
    value: (r) => r.status,
    show: (r) => r.status,
  },
  start_time: {
    name: 'Started',
    isNumber: false,
    order: 'attributes.start_time',
    value: (r) => r.start,
    show: (r) => shownTime(r.start),
  },
  duration: { name: 'Took', isNumber: true, order: null, value: took, show: (r) => shownDuration(took(r)) },
  user: {
    name: 'User',
    isNumber: false,
    order: 'attributes.user_id',
    value: (r) => r.user,
    show: (r) => r.user,
  },
};

export const fixedKeys = Object.keys(fixed);

export function columnOf(key: string): RunColumn {
  const own = Object.hasOwn(fixed, key) ? fixed[key] : undefined;
  if (own) return { key, ...own };
  const dot = key.indexOf('.');
  const [kind, name] = [key.slice(0, dot), key.slice(dot + 1)];
  const order = writtenKey(key);
  if (kind === 'metrics')
    return {
      key,
      name: metricName(name),
      isNumber: true,
      order,
      value: (r) => own1(r.metrics, name),
      show: (r) => shownNumber(own1(r.metrics, name)),
    };
  const of = (r: RunRow) => own1(kind === 'params' ? r.params : r.tags, name);
  return { key, name: shortKey(name), isNumber: false, order, value: of, show: (r) => String(of(r) ?? '') };
}

const own1 = <T>(record: Readonly<Record<string, T>>, name: string): T | null =>
  Object.hasOwn(record, name) ? (record[name] as T) : null;

function took({ start, end, status }: RunRow): number | null {
  if (start === null) return null;
  return end !== null ? end - start : status === 'RUNNING' ? Date.now() - start : null;
}

/** Heads for qlib's long names; the whole name is the title. */
const shortNames: Readonly<Record<string, string>> = {
  'excess_return_with_cost.annualized_return': 'Excess a year',
  'excess_return_with_cost.information_ratio': 'Info ratio',
  'excess_return_with_cost.max_drawdown': 'Drawdown',
};

export function metricName(name: string): string {
  const base = name.replace(/^1day\./, '');
  return Object.hasOwn(shortNames, base) ? shortNames[base]! : shortKey(name);
}

const liked = [
  'IC',
  'ICIR',
  'Rank IC',
  'Rank ICIR',
  '1day.excess_return_with_cost.annualized_return',
  '1day.excess_return_with_cost.information_ratio',
  '1day.excess_return_with_cost.max_drawdown',
];

/** What a table shows that nobody has chosen columns for: qlib's main figures, else the first metrics; the model; params that differ. */
export function defaultColumns(rows: readonly RunRow[]): string[] {
  const metrics = new Set(rows.slice(0, 200).flatMap((run) => Object.keys(run.metrics)));
  const main = liked.filter((key) => metrics.has(key));
  const chosen = main.length > 0 ? main : [...metrics].sort().slice(0, 6);
  const params = varying(rows.slice(0, 200)).slice(0, 3);
  const model =
    rows.some((run) => 'model.class' in run.params) && !params.includes('model.class') ? ['model.class'] : [];
  return [
    'status',
    'start_time',
    'duration',
    ...chosen.map((key) => `metrics.${key}`),
    ...[...model, ...params].map((key) => `params.${key}`),
  ];
}

function varying(rows: readonly RunRow[]): string[] {
  const seen = new Map<string, Set<string>>();
  for (const { params } of rows)
    for (const [key, value] of Object.entries(params)) {
      const values = seen.get(key);
      if (values) values.add(value);
      else seen.set(key, new Set([value]));
    }
  return [...seen]
    .filter(([key, values]) => values.size > 1 && !key.startsWith('cmd-sys'))
    .map(([key]) => key)
    .sort();
}

/** Every key that rows have, as columns are named. */
export function keysOf(rows: readonly RunRow[]): string[] {
  const keys = new Set<string>();
  for (const { metrics, params, tags } of rows) {
    for (const key of Object.keys(metrics)) keys.add(`metrics.${key}`);
    for (const key of Object.keys(params)) keys.add(`params.${key}`);
    for (const key of Object.keys(tags)) keys.add(`tags.${key}`);
  }
  return [...keys].sort();
}
