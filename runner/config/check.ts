import { type KeyPath, UserError } from '../../components/core/errors.ts';
import type { CatalogueEntry } from '../../components/core/registry.ts';
import type { Operators } from '../../components/data/expression/parse.ts';
import {
  checkComponent,
  type FoundComponent,
  type FoundExpression,
  type Inventory,
} from './check-component.ts';
import { hasOwnOperators } from './has-own-operators.ts';
import { NotBuiltError } from './locate.ts';
import { PlacedError } from './places.ts';
import { checkFilters } from './rules/filters.ts';
import { checkFreq, checkGroups } from './rules/handler.ts';
import { checkPlaceholders } from './rules/placeholders.ts';
import { checkInit } from './rules/qlib-init.ts';
import { checkBacktests, checkNoRecord, checkRecords } from './rules/records.ts';
import { checkSegments } from './rules/segments.ts';
import { checkSignal } from './rules/signal.ts';
import { checkStrategy } from './rules/strategy.ts';
import { checkTopKeys } from './rules/top-level.ts';
import { checkValues } from './rules/values.ts';
import { valueAt, walk } from './rules/walk.ts';
import { dropMissing } from './schema-errors.ts';
import { validated } from './sound.ts';
import type { Findings, Workflow } from './types.ts';
import { workflowSchema } from './workflow-schema.ts';

/** What was found on the way, for checks that need data. */
const inventories = new WeakMap<Workflow, Inventory>();

/** The class configs and expressions of a workflow that `checkWorkflow` has seen. */
export function inventoryOf(workflow: Workflow): Inventory {
  const found = inventories.get(workflow);
  if (!found) throw new Error('checkWorkflow comes before checkAgainstData');
  return found;
}

/** All mistakes of a workflow that can be seen without data. */
export async function checkWorkflow(
  workflow: Workflow,
  catalogue: readonly CatalogueEntry[],
): Promise<Findings> {
  const inventory: Inventory = { errors: [], components: [], expressions: [] };
  inventories.set(workflow, inventory);
  const shape = await validated(workflowSchema, workflow.config);
  const outer = dropMissing([...checkTopKeys(workflow), ...shape.errors]);
  const shelves = { catalogue, folder: workflow.folder, searchPaths: workflow.searchPaths };
  for (const part of shape.parts)
    if (part.type === 'component')
      await checkComponent(
        part.value,
        { kind: part.kind, path: part.path, defaultModule: part.defaultModule },
        shelves,
        inventory,
      );
  for (const strategy of inventory.components.filter((c) => c.kind === 'strategy'))
    await checkSignal(strategy, shelves, inventory);
  inventory.expressions.push(...filterExpressions(workflow), ...priceExpressions(inventory));
  const init = checkInit(workflow);
  const own = await ownOperators(workflow);
  const related = checkRelations(inventory, catalogue);
  const placeholders = checkPlaceholders(workflow);
  const first = [...workflow.problems, ...placeholders];
  const errors = [
    ...first,
    ...[...outer, ...inventory.errors].filter(
      (e) => ![...placeholders, ...related.errors].some((p) => isSame(p.path, e.path)),
    ),
    ...init.errors,
    ...own.errors,
    ...related.errors,
    ...checkFilters(workflow),
    // operators that are absent would be called unknown wherever they stand
    ...(own.errors.length > 0 ? [] : await checkSyntax(inventory, own.operators)),
  ];
  // general rules speak where no schema has
  errors.push(...checkValues(workflow).filter((e) => !errors.some((other) => isSame(other.path, e.path))));
  // a class that is not built yet says nothing about the rest: its kwargs, and what needs them, cannot be judged
  const notBuilt = inventory.errors.filter((e) => e instanceof NotBuiltError);
  if (notBuilt.length > 0) return { errors: unique(notBuilt), warnings: [] };
  return {
    errors: unique(errors.filter((e) => e instanceof PlacedError || !workflow.isBroken(e.path))),
    // what could not be read leaves gaps that look like open ends
    warnings:
      workflow.problems.length > 0
        ? []
        : unique([
            ...workflow.warnings,
            ...init.warnings,
            ...own.warnings,
            ...checkNoRecord(workflow),
            ...related.warnings,
            ...(await leakWarnings(inventory, own.operators)),
          ]),
  };
}

const isSame = (a: KeyPath, b: KeyPath) => a.length === b.length && a.every((step, i) => step === b[i]);

const isBelow = (path: KeyPath, parent: KeyPath) => parent.every((step, i) => step === path[i]);

/** Each mistake once, though an anchor may bring it to several places: the first counts. */
function unique(errors: readonly UserError[]): UserError[] {
  const seen = new Map(errors.map((e) => [`${e.path.join('\0')}\0\0${e.problem}`, e]));
  return [...seen.values()];
}

function checkRelations({ components }: Inventory, catalogue: readonly CatalogueEntry[]): Findings {
  const ofKind = (kind: string) => components.filter((c) => c.kind === kind);
  const errors: UserError[] = [];
  const warnings: UserError[] = [];
  const handlers = ofKind('handler');
  for (const dataset of ofKind('dataset')) {
    const found = checkSegments(
      dataset,
      handlers.find((h) => isBelow(h.path, dataset.path)),
    );
    errors.push(...found.errors);
    warnings.push(...found.warnings);
  }
  for (const handler of handlers)
    errors.push(
      ...checkGroups(
        handler,
        ofKind('processor').filter((p) => isBelow(p.path, handler.path)),
      ),
    );
  for (const component of [...handlers, ...ofKind('loader')]) errors.push(...checkFreq(component));
  for (const strategy of ofKind('strategy')) errors.push(...checkStrategy(strategy));
  const isBuiltIn = (c: FoundComponent) => catalogue.some((e) => e.kind === c.kind && e.name === c.name);
  const records = ofKind('record');
  errors.push(...checkRecords(records, isBuiltIn));
  for (const dataset of ofKind('dataset')) warnings.push(...checkBacktests(records, dataset));
  return { errors, warnings };
}

/** Expressions of instrument filters, wherever a `filter_pipe` may stand. */
function filterExpressions({ config }: Workflow): FoundExpression[] {
  const found: FoundExpression[] = [];
  walk(config['task'], ['task'], (value, path) => {
    if (typeof value === 'string' && path.at(-1) === 'rule_expression') found.push({ text: value, path });
  });
  return found;
}

/** `deal_price` of a backtest, where it is more than the name of a field. */
function priceExpressions({ components }: Inventory): FoundExpression[] {
  const path = ['config', 'backtest', 'exchange_kwargs', 'deal_price'];
  return components
    .filter((c) => c.kind === 'record')
    .flatMap(({ kwargs, kwargsPath }) => {
      const given = valueAt(kwargs, path);
      const isPair = Array.isArray(given);
      return (isPair ? given : [given]).flatMap((price: unknown, i) =>
        typeof price === 'string' && !/^\$?\w+$/.test(price)
          ? [{ text: price, path: [...kwargsPath, ...path, ...(isPair ? [i] : [])] }]
          : [],
      );
    });
}

/** Operators of the user's own; the code for them is loaded where there are any. */
async function ownOperators(
  workflow: Workflow,
): Promise<Findings & { readonly operators?: Operators | undefined }> {
  if (!hasOwnOperators(workflow)) return { errors: [], warnings: [] };
  return (await import('./user-operators.ts')).findOperators(workflow);
}

/** Features that look ahead. The parser is loaded where there are expressions. */
async function leakWarnings(
  { expressions }: Inventory,
  operators: Operators | undefined,
): Promise<UserError[]> {
  if (expressions.length === 0) return [];
  return (await import('./rules/leaks.ts')).checkFeatureLeaks(expressions, operators);
}

/** Expressions that do not parse. */
async function checkSyntax(
  { expressions }: Inventory,
  operators: Operators | undefined,
): Promise<UserError[]> {
  if (expressions.length === 0) return [];
  const { parseExpression } = await import('../../components/data/expression/parse.ts');
  return expressions.flatMap(({ text, path }) => {
    try {
      parseExpression(text, operators);
      return [];
    } catch (error) {
      if (error instanceof UserError) return [error.within(path)];
      throw error;
    }
  });
}
