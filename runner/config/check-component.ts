import { type KeyPath, UserError, UserErrors } from '../../components/core/errors.ts';
import type { Part } from './keywords.ts';
import { locate, type Shelves } from './locate.ts';
import { validated } from './sound.ts';
import { readSpec } from './spec.ts';
import type { AnyDefinition } from './types.ts';

/** A class config that was found, wherever it stands in the workflow. */
export interface FoundComponent {
  readonly kind: string;
  readonly name: string;
  readonly definition: AnyDefinition;
  readonly kwargs: Readonly<Record<string, unknown>>;
  /** Of the config itself; its kwargs stand at `kwargsPath`. */
  readonly path: KeyPath;
  readonly kwargsPath: KeyPath;
}

export interface FoundExpression {
  readonly text: string;
  readonly path: KeyPath;
}

/** What the check of all class configs of a workflow gathers. */
export interface Inventory {
  readonly errors: UserError[];
  readonly components: FoundComponent[];
  readonly expressions: FoundExpression[];
}

export interface ComponentPlace {
  readonly kind: string;
  readonly path: KeyPath;
  readonly defaultModule?: string | undefined;
}

/**
 * Checks a class config and, by the schema of the class it names, all configs nested in its kwargs.
 * Nothing is said about the kwargs of a class that was not found.
 */
export async function checkComponent(
  spec: unknown,
  { kind, path, defaultModule }: ComponentPlace,
  shelves: Shelves,
  found: Inventory,
): Promise<void> {
  const own: UserError[] = [];
  const read = readSpec(kind, spec, own);
  found.errors.push(...own.map((e) => e.within(path)));
  if (!read) return;
  let definition: AnyDefinition;
  try {
    definition = await locate(kind, read, defaultModule, shelves);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    found.errors.push(error.within(path));
    return;
  }
  const { name, kwargs } = read;
  const kwargsPath = [...path, ...read.kwargsPath];
  const { errors, parts } = await validated(definition.schema, kwargs);
  found.errors.push(...errors.map((e) => e.within(kwargsPath)));
  found.components.push({ kind, name, definition, kwargs, path, kwargsPath });
  const before = found.errors.length;
  for (const part of parts) await checkPart(part, kwargsPath, shelves, found);
  // the component's own check may lean on what the schemas have found sound
  if (errors.length > 0 || own.length > 0 || found.errors.length > before) return;
  found.errors.push(...ownCheck(definition, kwargs).map((e) => e.within(kwargsPath)));
}

async function checkPart(part: Part, prefix: KeyPath, shelves: Shelves, found: Inventory): Promise<void> {
  const path = [...prefix, ...part.path];
  if (part.type === 'expression') found.expressions.push({ text: part.text, path });
  else
    await checkComponent(
      part.value,
      { kind: part.kind, path, defaultModule: part.defaultModule },
      shelves,
      found,
    );
}

/** The mistakes that only the component itself can see. */
function ownCheck(
  definition: AnyDefinition,
  kwargs: Readonly<Record<string, unknown>>,
): readonly UserError[] {
  try {
    definition.check?.({ ...kwargs });
    return [];
  } catch (error) {
    if (error instanceof UserErrors) return error.errors;
    if (error instanceof UserError) return [error];
    throw error;
  }
}
