import type { SourceText } from './places.ts';
import type { PythonScalar } from './scalars.ts';

/** An offset in a source: where a key, an item or a value begins. */
export interface Position {
  readonly source: SourceText;
  readonly offset: number;
}

export interface ScalarNode {
  readonly kind: 'scalar';
  readonly value: PythonScalar;
  /** What stood here could not be read and has been reported: nothing more is said about it. */
  readonly isBroken?: true;
}

export interface SequenceNode {
  readonly kind: 'sequence';
  readonly items: readonly { readonly at: Position; readonly node: YamlNode }[];
}

/** Keys are text; a key that YAML reads as a number, date or null is that text as it was written. */
export interface MappingNode {
  readonly kind: 'mapping';
  readonly entries: ReadonlyMap<string, MappingEntry>;
}

export interface MappingEntry {
  /** Where the key stands. */
  readonly at: Position;
  readonly node: YamlNode;
}

/** A value of a YAML file with the places of its parts. What an alias stands for is the same object: never expand, walk with care. */
export type YamlNode = ScalarNode | SequenceNode | MappingNode;

export function childrenOf(node: YamlNode): readonly YamlNode[] {
  if (node.kind === 'mapping') return [...node.entries.values()].map((e) => e.node);
  return node.kind === 'sequence' ? node.items.map((i) => i.node) : [];
}

/** Number of values under a node, aliases counted each time they are used; stops at `limit`. */
export function expandedSize(root: YamlNode, limit: number): number {
  const sizes = new Map<YamlNode, number>();
  const size = (node: YamlNode): number => {
    if (node.kind === 'scalar') return 1;
    let sum = sizes.get(node);
    if (sum === undefined) {
      sum = 1;
      for (const child of childrenOf(node)) sum += size(child);
      sizes.set(node, Math.min(sum, limit));
    }
    return sum;
  };
  return Math.min(size(root), limit);
}
