import { type KeyPath, UserError } from '../../components/core/errors.ts';
import { nearest } from '../../components/core/nearest.ts';
import { SourceText } from '../config/places.ts';
import type { MappingNode, Position, YamlNode } from '../config/yaml-node.ts';
import type { Override } from './parse-override.ts';

/**
 * The config that editing the file at those places would give, one override after the other. Where the place belongs to an anchor
 * (`market: &market all`), every alias follows; where it is reached through an alias, only this place changes. What is not changed
 * is shared with the old tree.
 * @throws UserError for a key that is not there (`set`, `delete`), or is there already (`add`), with the nearest match
 */
export function applyOverrides(root: MappingNode, overrides: readonly Override[]): MappingNode {
  return overrides.reduce<MappingNode>((tree, override) => apply(tree, override), root);
}

function apply(root: MappingNode, override: Override): MappingNode {
  const { path, action } = override;
  const parents: YamlNode[] = [root];
  for (const [i, key] of path.slice(0, -1).entries()) {
    const parent = parents[i]!;
    const next = childOf(parent, key);
    if (next) parents.push(next);
    else if ((action === 'add' || action === 'force') && parent.kind === 'mapping')
      parents.push({ kind: 'mapping', entries: new Map() });
    else throw unknownKey(override, parent, path.slice(0, i + 1));
  }
  const parent = parents.at(-1)!;
  const changed = changeLast(parent, override);
  const home = firstPaths(root);
  const old = childOf(parent, path.at(-1)!);
  if (old && override.node && home.get(old) === path.join('\0'))
    return replaceEverywhere(root, old, override.node, positionOf(override)) as MappingNode;
  return rebuild(root, { parents, path, changed, home, at: positionOf(override) });
}

interface Change {
  readonly parents: readonly YamlNode[];
  readonly path: readonly string[];
  /** What takes the place of the last parent. */
  readonly changed: YamlNode;
  readonly home: ReadonlyMap<YamlNode, string>;
  /** Where new keys stand, for messages. */
  readonly at: Position;
}

/** The last parent with the key set, added or deleted. */
function changeLast(parent: YamlNode, override: Override): YamlNode {
  const { action, path, text } = override;
  const key = path.at(-1)!;
  const old = childOf(parent, key);
  if (action === 'add' && old)
    throw new UserError(`${path.join('.')} is there already, so ${JSON.stringify(text)} can't add it`, {
      hint: `write ${text.slice(1)} to change it`,
      path,
    });
  if (!old && (action === 'set' || action === 'delete' || parent.kind !== 'mapping'))
    throw unknownKey(override, parent, path);
  return withChild(parent, key, override.node, positionOf(override));
}

/**
 * Puts `changed` in place of the last parent. Up to the last node that stands where it was defined, the first place in the order of
 * the file, the change is made wherever that node is used; below it only on the path.
 */
function rebuild(root: MappingNode, { parents, path, changed, home, at: place }: Change): MappingNode {
  const isHome = (i: number) => home.get(parents[i]!) === path.slice(0, i).join('\0');
  let at = parents.length - 1;
  let node = changed;
  for (; at > 0 && !isHome(at); at--) {
    const parent = parents[at - 1]!;
    const key = path[at - 1]!;
    node = withChild(parent, key, node, childOf(parent, key) ? undefined : place);
  }
  return (at === 0 ? node : replaceEverywhere(root, parents[at]!, node)) as MappingNode;
}

/** The path of each node's first place in the order of the file; an anchor stands before its aliases. */
function firstPaths(root: YamlNode): Map<YamlNode, string> {
  const found = new Map<YamlNode, string>();
  const visit = (node: YamlNode, path: readonly string[]): void => {
    if (found.has(node)) return;
    found.set(node, path.join('\0'));
    if (node.kind === 'mapping') for (const [key, entry] of node.entries) visit(entry.node, [...path, key]);
    else if (node.kind === 'sequence')
      for (const [i, item] of node.items.entries()) visit(item.node, [...path, String(i)]);
  };
  visit(root, []);
  return found;
}

/** `at`: where the replacement stands, for messages. */
function replaceEverywhere(root: YamlNode, old: YamlNode, replacement: YamlNode, at?: Position): YamlNode {
  const child = (one: { readonly at: Position; readonly node: YamlNode }) =>
    one.node === old ? { at: at ?? one.at, node: replacement } : { at: one.at, node: visit(one.node) };
  const done = new Map<YamlNode, YamlNode>([[old, replacement]]);
  const visit = (node: YamlNode): YamlNode => {
    const known = done.get(node);
    if (known || node.kind === 'scalar') return known ?? node;
    let result: YamlNode = node;
    if (node.kind === 'mapping') {
      const entries = new Map([...node.entries].map(([key, e]) => [key, child(e)]));
      if ([...entries].some(([key, e]) => e.node !== node.entries.get(key)!.node))
        result = { kind: 'mapping', entries };
    } else {
      const items = node.items.map(child);
      if (items.some((item, i) => item.node !== node.items[i]!.node)) result = { kind: 'sequence', items };
    }
    done.set(node, result);
    return result;
  };
  return visit(root);
}

function childOf(node: YamlNode, key: string): YamlNode | undefined {
  if (node.kind === 'mapping') return node.entries.get(key)?.node;
  if (node.kind === 'sequence' && /^\d+$/.test(key)) return node.items[Number(key)]?.node;
  return undefined;
}

function withChild(
  node: YamlNode,
  key: string,
  child: YamlNode | undefined,
  at: Position | undefined,
): YamlNode {
  if (node.kind === 'mapping') {
    const entries = new Map(node.entries);
    if (child) entries.set(key, { at: at ?? entries.get(key)!.at, node: child });
    else entries.delete(key);
    return { kind: 'mapping', entries };
  }
  if (node.kind !== 'sequence') throw new Error(`a single value has no key ${key}`);
  const index = Number(key);
  const items = child
    ? node.items.map((item, i) => (i === index ? { at: at ?? item.at, node: child } : item))
    : node.items.filter((_, i) => i !== index);
  return { kind: 'sequence', items };
}

function positionOf({ text }: Override): Position {
  return { source: new SourceText(`override ${text}`, text), offset: 0 };
}

function unknownKey({ text, action }: Override, parent: YamlNode, path: KeyPath): UserError {
  const key = String(path.at(-1));
  const above = path.slice(0, -1).join('.');
  const where = above === '' ? 'the workflow' : above;
  if (parent.kind === 'scalar')
    return new UserError(`${JSON.stringify(text)}: ${where} is a single value and has no key "${key}"`, {
      path,
    });
  if (parent.kind === 'sequence')
    return new UserError(`${JSON.stringify(text)}: ${where} is a list and has no item "${key}"`, {
      hint: `allowed: ${parent.items.length === 0 ? 'none, it is empty' : `0 to ${parent.items.length - 1}`}`,
      path,
    });
  const known = [...parent.entries.keys()];
  const near = nearest(key, known);
  const add = action === 'set' ? `; to add a key write +${text}` : '';
  return new UserError(`${JSON.stringify(text)}: ${where} has no key "${key}"`, {
    hint: `${near ? `did you mean "${near}"? ` : ''}allowed: ${known.slice(0, 40).join(', ')}${add}`,
    path,
  });
}
