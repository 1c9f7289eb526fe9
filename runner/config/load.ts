import { dirname, resolve } from 'node:path';
import type { KeyPath, UserError } from '../../components/core/errors.ts';
import { applyBase } from './base-config.ts';
import { composeYaml, type Reference } from './compose.ts';
import { PlacedError, SourceText } from './places.ts';
import { readText } from './read-text.ts';
import { renderTemplate } from './template.ts';
import { toConfig, toPython } from './tree.ts';
import type { ConfigMap, Place, Workflow } from './types.ts';
import type { MappingNode, Position, YamlNode } from './yaml-node.ts';

export interface ReadOptions {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Absolute. */
  readonly cwd: string;
  /** Changes made after the base is merged; see runner/overrides. */
  readonly overrides?: readonly string[] | undefined;
}

/**
 * Reads a workflow file: text, template, YAML, base. What is wrong after that is found by `checkWorkflow`.
 * @throws UserError, its message beginning with the place: no readable text file, template or YAML syntax, no mapping
 */
export async function readWorkflow(
  path: string,
  { env, cwd, overrides = [] }: ReadOptions,
): Promise<Workflow> {
  const file = resolve(cwd, path);
  const rendered = await renderTemplate(path, readText(file, path), env);
  const source = new SourceText(path, rendered.text, rendered.lines);
  const composed = composeYaml(source);
  if (composed.root.kind !== 'mapping') {
    const { root } = composed;
    const isEmpty = root.kind === 'scalar' && root.value === null;
    throw new PlacedError(
      source.place(0),
      isEmpty
        ? 'the file has no content, a workflow was expected'
        : `a workflow must be a mapping of keys, got ${root.kind === 'sequence' ? 'a list' : 'a single value'}`,
      { hint: 'its keys are qlib_init, task, and a few more' },
    );
  }
  const based = applyBase(composed.root, { file, folder: dirname(file), cwd });
  const { base, problems, warnings } = based;
  const root = overrides.length === 0 ? based.root : await withOverrides(based.root, overrides);
  const references = [...composed.references, ...(base?.references ?? [])];
  return new LoadedWorkflow(
    path,
    dirname(file),
    cwd,
    root,
    [...composed.problems, ...problems],
    warnings,
    references,
  );
}

/** Loaded when needed: most runs have none. */
async function withOverrides(root: MappingNode, texts: readonly string[]): Promise<MappingNode> {
  const { parseOverride } = await import('../overrides/parse-override.ts');
  const { applyOverrides } = await import('../overrides/apply-overrides.ts');
  return applyOverrides(root, texts.map(parseOverride));
}

class LoadedWorkflow implements Workflow {
  readonly config: ConfigMap;
  readonly searchPaths: readonly string[];
  #python: unknown;

  constructor(
    readonly file: string,
    readonly folder: string,
    readonly cwd: string,
    readonly root: MappingNode,
    readonly problems: readonly UserError[],
    readonly warnings: readonly UserError[],
    readonly references: readonly Reference[],
  ) {
    this.config = toConfig(root);
    this.searchPaths = [
      ...stringsAt(this.config, 'path').map((p) => resolve(cwd, p)),
      ...stringsAt(this.config, 'rel_path').map((p) => resolve(folder, p)),
    ];
  }

  get python(): unknown {
    return (this.#python ??= toPython(this.root));
  }

  placeOf(path: KeyPath): Place {
    const { at } = this.#find(path);
    return at ? at.source.place(at.offset) : { file: this.file, line: 1, column: 1 };
  }

  isBroken(path: KeyPath): boolean {
    const { node } = this.#find(path);
    return node.kind === 'scalar' && node.isBroken === true;
  }

  isReferenced(key: string): boolean {
    const entry = this.root.entries.get(key);
    if (!entry) return false;
    const { source, offset } = entry.at;
    const later = [...this.root.entries.values()]
      .map((e) => e.at)
      .filter((at) => at.source === source && at.offset > offset);
    const end = Math.min(source.text.length, ...later.map((at) => at.offset));
    const isInside = (at: Position) => at.source === source && at.offset >= offset && at.offset < end;
    return this.references.some(({ from, to }) => isInside(to) && !isInside(from));
  }

  /** The node at a path, or the last one on the way there. */
  #find(path: KeyPath): { node: YamlNode; at: Position | undefined } {
    let node: YamlNode = this.root;
    let at: Position | undefined;
    for (const step of path) {
      if (node.kind === 'scalar') break;
      const next: { node: YamlNode; at: Position } | undefined =
        node.kind === 'mapping'
          ? node.entries.get(String(step))
          : typeof step === 'number'
            ? node.items[step]
            : undefined;
      if (!next) break;
      ({ node, at } = next);
    }
    return { node, at };
  }
}

/** `sys.path` or `sys.rel_path`: a string or a list of them; anything else is left to the check. */
function stringsAt(config: ConfigMap, key: string): string[] {
  const sys = config['sys'];
  if (typeof sys !== 'object' || sys === null || Array.isArray(sys)) return [];
  const value = (sys as ConfigMap)[key];
  return (Array.isArray(value) ? value : [value]).filter(
    (v): v is string => typeof v === 'string' && v !== '' && !v.includes('\0'),
  );
}
