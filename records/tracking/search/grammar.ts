export type Entity = 'metric' | 'param' | 'tag' | 'attribute' | 'dataset';
export type Comparison =
  | '='
  | '!='
  | '<'
  | '<='
  | '>'
  | '>='
  | 'LIKE'
  | 'ILIKE'
  | 'IN'
  | 'NOT IN'
  | 'IS NULL'
  | 'IS NOT NULL';

export interface Key {
  readonly entity: Entity;
  readonly name: string;
}

export interface Clause {
  readonly key: Key;
  readonly comparison: Comparison;
  /** A number for metrics and times, a list for IN, null for IS NULL, else text. */
  readonly value: number | string | readonly string[] | null;
}

export interface Order {
  readonly key: Key;
  readonly ascending: boolean;
}

const numeric: readonly Comparison[] = ['=', '!=', '<', '<=', '>', '>='];
const textual: readonly Comparison[] = ['=', '!=', 'LIKE', 'ILIKE'];

/** What may be compared how. `text` keys take quoted values, `number` keys bare numbers. */
export interface KeyRule {
  readonly type: 'number' | 'text';
  readonly comparisons: readonly Comparison[];
  /** The name under which the value is found, where the given one is an alias. */
  readonly name?: string;
}

const number: KeyRule = { type: 'number', comparisons: numeric };
const text: KeyRule = { type: 'text', comparisons: textual };
const nullableText: KeyRule = { type: 'text', comparisons: [...textual, 'IS NULL', 'IS NOT NULL'] };
const listedText: KeyRule = { type: 'text', comparisons: [...textual, 'IN', 'NOT IN'] };

/** The search language over one kind of thing. */
export interface Grammar {
  readonly entities: ReadonlyMap<string, Entity>;
  readonly attributes: ReadonlyMap<string, KeyRule>;
  readonly sortableAttributes: ReadonlyMap<string, string>;
  readonly sortableEntities: ReadonlySet<Entity>;
}

const runName: KeyRule = { ...text, name: 'run_name' };
const startTime: KeyRule = { ...number, name: 'start_time' };

/** Runs, as MLflow 2 and 3 have it (MLflow 3 adds IS NULL). */
export const runGrammar: Grammar = {
  entities: new Map<string, Entity>([
    ['metric', 'metric'],
    ['metrics', 'metric'],
    ['param', 'param'],
    ['params', 'param'],
    ['parameter', 'param'],
    ['parameters', 'param'],
    ['tag', 'tag'],
    ['tags', 'tag'],
    ['attribute', 'attribute'],
    ['attributes', 'attribute'],
    ['attr', 'attribute'],
    ['run', 'attribute'],
    ['dataset', 'dataset'],
    ['datasets', 'dataset'],
  ]),
  attributes: new Map([
    ['run_id', listedText],
    ['run_name', text],
    ['run name', runName],
    ['Run name', runName],
    ['Run Name', runName],
    ['status', text],
    ['user_id', text],
    ['artifact_uri', text],
    ['start_time', number],
    ['created', startTime],
    ['Created', startTime],
    ['end_time', number],
  ]),
  sortableAttributes: new Map([
    ...['run_id', 'run_name', 'status', 'user_id', 'artifact_uri', 'start_time', 'end_time'].map(
      (name) => [name, name] as const,
    ),
    ['created', 'start_time'],
    ['Created', 'start_time'],
    ['run name', 'run_name'],
    ['Run name', 'run_name'],
    ['Run Name', 'run_name'],
  ]),
  sortableEntities: new Set<Entity>(['metric', 'param', 'tag', 'attribute']),
};

export const experimentGrammar: Grammar = {
  entities: new Map<string, Entity>([
    ['attribute', 'attribute'],
    ['tag', 'tag'],
    ['tags', 'tag'],
  ]),
  attributes: new Map([
    ['name', text],
    ['creation_time', number],
    ['last_update_time', number],
  ]),
  sortableAttributes: new Map(
    ['name', 'experiment_id', 'creation_time', 'last_update_time'].map((name) => [name, name]),
  ),
  sortableEntities: new Set<Entity>(['attribute']),
};

const datasetRules: ReadonlyMap<string, KeyRule> = new Map(
  ['name', 'digest', 'context'].map((name) => [name, listedText]),
);

/** The rule of a key; undefined for an attribute or dataset field that does not exist. */
export function ruleOf(grammar: Grammar, { entity, name }: Key): KeyRule | undefined {
  if (entity === 'metric') return number;
  if (entity === 'param' || entity === 'tag') return nullableText;
  return entity === 'dataset' ? datasetRules.get(name) : grammar.attributes.get(name);
}

/** Names to choose from where `ruleOf` knows none. */
export function fieldsOf(grammar: Grammar, entity: Entity): string[] {
  return [...(entity === 'dataset' ? datasetRules : grammar.attributes).keys()];
}
