import { type Clause, type Entity, type Key, type Order, runGrammar } from '../search/grammar.ts';
import { parseFilter } from '../search/parse-filter.ts';
import type { SearchOptions } from '../store.ts';
import type { ViewType } from '../types.ts';
import type { Value } from './database.ts';

/** A piece of SQL with the values of its question marks. */
export interface Sql {
  readonly text: string;
  readonly values: readonly Value[];
}

const runColumns: Readonly<Record<string, string>> = {
  run_id: 'r.run_uuid',
  run_name: 'r.name',
  status: 'r.status',
  user_id: 'r.user_id',
  artifact_uri: 'r.artifact_uri',
  start_time: 'r.start_time',
  end_time: 'r.end_time',
};
const experimentColumns: Readonly<Record<string, string>> = {
  name: 'e.name',
  experiment_id: 'e.experiment_id',
  creation_time: 'e.creation_time',
  last_update_time: 'e.last_update_time',
};
const datasetColumns: Readonly<Record<string, string>> = {
  name: 'd.name',
  digest: 'd.digest',
  context: 't.value',
};

/** Where the values of an entity stand: a row that holds for one run. */
const sources: Readonly<Record<Exclude<Entity, 'attribute' | 'dataset'>, string>> = {
  metric: 'latest_metrics v WHERE v.run_uuid = r.run_uuid AND v.key = ?',
  param: 'params v WHERE v.run_uuid = r.run_uuid AND v.key = ?',
  tag: 'tags v WHERE v.run_uuid = r.run_uuid AND v.key = ?',
};
const experimentTags = 'experiment_tags v WHERE v.experiment_id = e.experiment_id AND v.key = ?';
const datasets =
  "inputs i JOIN datasets d ON d.dataset_uuid = i.source_id LEFT JOIN input_tags t ON t.input_uuid = i.input_uuid AND t.name = 'mlflow.data.context' WHERE i.source_type = 'DATASET' AND i.destination_type = 'RUN' AND i.destination_id = r.run_uuid";

/**
 * The conditions of a filter over `runs r`. What is quickly told, or leaves few runs over, comes first: SQLite keeps the order. One param or
 * tag that must equal a text is looked up once for all runs, the rest run by run.
 */
function runConditions(clauses: readonly Clause[]): Sql[] {
  const sorted = [...clauses].sort((a, b) => costOf(a) - costOf(b));
  const chosen = sorted.find(isEquality);
  return sorted.map((clause) => (clause === chosen ? inThose(clause) : runCondition(clause)));
}

function costOf(clause: Clause): number {
  if (clause.key.entity === 'attribute') return 0;
  if (isEquality(clause)) return 1;
  return clause.key.entity === 'dataset' ? 3 : 2;
}

const isEquality = ({ key, comparison }: Clause): boolean =>
  comparison === '=' && (key.entity === 'param' || key.entity === 'tag');

function inThose(clause: Clause): Sql {
  const { text, values } = compare('v.value', clause);
  const table = clause.key.entity === 'param' ? 'params' : 'tags';
  return {
    text: `r.run_uuid IN (SELECT v.run_uuid FROM ${table} v WHERE v.key = ? AND ${text})`,
    values: [clause.key.name, ...values],
  };
}

/** The condition that a part of a filter stands for. */
function runCondition(clause: Clause): Sql {
  const { entity, name } = clause.key;
  if (entity === 'attribute') return compare(runColumns[name]!, clause);
  if (entity === 'dataset') {
    const { text, values } = compare(datasetColumns[name]!, clause);
    return { text: `EXISTS (SELECT 1 FROM ${datasets} AND ${text})`, values };
  }
  return exists(sources[entity], clause);
}

/** The same over `experiments e`. */
export function experimentCondition(clause: Clause): Sql {
  const { entity, name } = clause.key;
  return entity === 'tag' ? exists(experimentTags, clause) : compare(experimentColumns[name]!, clause);
}

/** What lacks the key matches nothing but IS NULL. */
function exists(source: string, clause: Clause): Sql {
  const { name } = clause.key;
  if (clause.comparison === 'IS NULL')
    return { text: `NOT EXISTS (SELECT 1 FROM ${source})`, values: [name] };
  if (clause.comparison === 'IS NOT NULL')
    return { text: `EXISTS (SELECT 1 FROM ${source})`, values: [name] };
  const { text, values } = compare('v.value', clause);
  const condition = clause.key.entity === 'metric' ? notNumber(clause, text) : text;
  return { text: `EXISTS (SELECT 1 FROM ${source} AND ${condition})`, values: [name, ...values] };
}

/** NaN, which is kept as 0, differs from every number and is not otherwise compared. */
function notNumber({ comparison }: Clause, text: string): string {
  return comparison === '!=' ? `(v.is_nan = 1 OR ${text})` : `v.is_nan = 0 AND ${text}`;
}

function compare(column: string, { comparison, value }: Clause): Sql {
  if (Array.isArray(value)) {
    const marks = value.map(() => '?').join(', ');
    return { text: `${column} ${comparison} (${marks})`, values: value as readonly string[] };
  }
  const single = value as string | number;
  if (comparison === 'ILIKE') return { text: `LOWER(${column}) LIKE LOWER(?)`, values: [single] };
  return { text: `${column} ${comparison} ?`, values: [single] };
}

/** ORDER BY over `runs r`: in both directions NaN behind all numbers, what lacks the key last; then the newest, then by id. */
export function runOrder(orders: readonly Order[]): Sql {
  const parts: string[] = [];
  const values: Value[] = [];
  for (const { key, ascending } of orders) {
    const direction = ascending ? 'ASC' : 'DESC';
    const { rank, value } = sortTerms(key);
    parts.push(rank.text, `${value.text} ${direction}`);
    values.push(...rank.values, ...value.values);
  }
  return { text: [...parts, 'r.start_time DESC', 'r.run_uuid ASC'].join(', '), values };
}

function sortTerms({ entity, name }: Key): { rank: Sql; value: Sql } {
  if (entity === 'attribute') {
    const column = runColumns[name]!;
    return { rank: { text: `${column} IS NULL`, values: [] }, value: { text: column, values: [] } };
  }
  const table = entity === 'metric' ? 'latest_metrics' : entity === 'param' ? 'params' : 'tags';
  const pick = (what: string): Sql => ({
    text: `(SELECT ${what} FROM ${table} v WHERE v.run_uuid = r.run_uuid AND v.key = ?)`,
    values: [name],
  });
  const rank = pick(entity === 'metric' ? 'v.is_nan' : '0');
  return { rank: { text: `IFNULL(${rank.text}, 2)`, values: rank.values }, value: pick('v.value') };
}

export function experimentOrder(orders: readonly Order[]): Sql {
  const parts = orders.map(({ key, ascending }) => {
    const column = experimentColumns[key.name]!;
    return `${column} IS NULL, ${column} ${ascending ? 'ASC' : 'DESC'}`;
  });
  return { text: [...parts, 'e.creation_time DESC', 'e.experiment_id ASC'].join(', '), values: [] };
}

export const isNumber = (id: string): boolean => /^\d{1,18}$/.test(id);

/** Which runs a search looks for. */
export function conditionsOf(
  experimentIds: readonly string[],
  { filter = '', view = 'ACTIVE_ONLY' }: SearchOptions,
): Sql[] {
  const ids = [...new Set(experimentIds)].filter(isNumber);
  const inThem = { text: `r.experiment_id IN (${ids.map(() => '?').join(', ')})`, values: ids };
  return [inThem, ...stageCondition('r', view), ...runConditions(parseFilter(filter, runGrammar))];
}

/** All conditions together. */
export function joined(conditions: readonly Sql[]): Sql {
  return {
    text: conditions.map((c) => `(${c.text})`).join(' AND ') || '1',
    values: conditions.flatMap((c) => c.values),
  };
}

/** Of the rows `table`. */
export function stageCondition(table: string, view: ViewType): Sql[] {
  if (view === 'ALL') return [];
  const stage = view === 'DELETED_ONLY' ? 'deleted' : 'active';
  return [{ text: `${table}.lifecycle_stage = '${stage}'`, values: [] }];
}
