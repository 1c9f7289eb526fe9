import { existsSync, readdirSync } from 'node:fs';
import { basename, dirname, isAbsolute, join, relative, resolve } from 'node:path';
import { nearest } from '../../components/core/nearest.ts';
import { type Composed, composeYaml } from './compose.ts';
import { PlacedError, SourceText } from './places.ts';
import { readText } from './read-text.ts';
import type { MappingEntry, MappingNode } from './yaml-node.ts';

const baseKey = 'BASE_CONFIG_PATH';

export interface Based {
  readonly root: MappingNode;
  /** The base file as parsed; undefined where there is none. */
  readonly base: Composed | undefined;
  readonly problems: readonly PlacedError[];
  readonly warnings: readonly PlacedError[];
}

/**
 * Puts a workflow over the file that its BASE_CONFIG_PATH names: absolute, relative to the current folder, or else relative to the
 * workflow's. The base is not rendered as a template and its own BASE_CONFIG_PATH is not followed, as in qlib (cli/run.py).
 */
export function applyBase(
  root: MappingNode,
  { file, folder, cwd }: { readonly file: string; readonly folder: string; readonly cwd: string },
): Based {
  const entry = root.entries.get(baseKey);
  const none = { root, base: undefined, problems: [], warnings: [] };
  if (!entry) return none;
  if (entry.node.kind !== 'scalar') return { ...none, problems: [notAPath(entry, 'a list or mapping')] };
  const { value } = entry.node;
  if (value === null || value === '' || entry.node.isBroken) return none;
  if (typeof value !== 'string') return { ...none, problems: [notAPath(entry, String(value))] };
  const candidates = isAbsolute(value) ? [value] : [resolve(cwd, value), resolve(folder, value)];
  const path = value.includes('\0') ? undefined : candidates.find((c) => existsSync(c));
  if (path === undefined)
    return {
      ...none,
      problems: [
        placed(
          entry,
          `${baseKey}: no such file "${value.slice(0, 300)}"`,
          `${nearHint(value, candidates)}looked for ${candidates.join(' and ')}`,
        ),
      ],
    };
  if (path === file)
    return { ...none, warnings: [placed(entry, `${baseKey} leads to the file itself and is ignored`)] };
  const shown = shownPath(path, cwd);
  let text: string;
  try {
    text = readText(path, shown);
  } catch (error) {
    // a fault of the whole file is told where the file is named
    if (!(error instanceof PlacedError) || error.place.line > 0) throw error;
    return { ...none, problems: [placed(entry, `${baseKey}: ${error.problem}`, error.hint)] };
  }
  const composed = composeYaml(new SourceText(shown, text));
  if (composed.root.kind !== 'mapping') {
    const problem = placed(entry, `${baseKey}: "${value}" must be a mapping of keys, it is not one`);
    return { ...none, problems: [problem] };
  }
  const own = composed.root.entries.get(baseKey);
  const warnings = own ? [placed(own, `the ${baseKey} of a base file is not followed`)] : [];
  return { root: mergeConfig(composed.root, root), base: composed, problems: composed.problems, warnings };
}

/**
 * qlib's `update_config`: keys of `update` replace those of `base`, mappings are merged key by key, lists are replaced whole,
 * `"__DROP__"` deletes.
 */
export function mergeConfig(base: MappingNode, update: MappingNode): MappingNode {
  const entries = new Map(base.entries);
  for (const [key, entry] of update.entries) {
    const old = entries.get(key);
    if (old?.node.kind === 'mapping' && entry.node.kind === 'mapping')
      entries.set(key, { at: entry.at, node: mergeConfig(old.node, entry.node) });
    else if (entry.node.kind === 'scalar' && entry.node.value === '__DROP__') entries.delete(key);
    else entries.set(key, entry);
  }
  return { kind: 'mapping', entries };
}

/** The nearest name in the folders where a file was looked for. */
function nearHint(value: string, candidates: readonly string[]): string {
  const names = candidates.flatMap((path) => namesIn(dirname(path)));
  const stem = (name: string) => name.replace(/\.ya?ml$/i, '');
  const near = value.includes('\0') ? undefined : nearest(stem(basename(value)), names.map(stem));
  const name = names.find((n) => stem(n) === near);
  return name === undefined ? '' : `did you mean "${join(dirname(value), name)}"? `;
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder).filter((name) => /\.ya?ml$/i.test(name));
  } catch {
    return [];
  }
}

/** A path as messages show it: relative to the current folder where it lies below. */
export function shownPath(path: string, cwd: string): string {
  const inside = relative(cwd, path);
  return inside === '' || inside.startsWith('..') || isAbsolute(inside) ? path : inside;
}

function placed({ at }: MappingEntry, problem: string, hint?: string): PlacedError {
  return new PlacedError(at.source.place(at.offset), problem, { hint, path: [baseKey] });
}

function notAPath(entry: MappingEntry, given: string): PlacedError {
  return placed(entry, `${baseKey} must be a string, the path of a YAML file, got ${given}`);
}
