import type { MappingEntry, MappingNode, Position, YamlNode } from './yaml-node.ts';

/**
 * Collects the entries of a mapping. Merged ones (`<<`) come first and yield to own ones; of several merged mappings the first
 * wins. As in ruamel.yaml, a second `<<` is a mistake, and so is a key that stands twice, beside a merge too.
 */
export class MappingBuilder {
  readonly #own = new Map<string, MappingEntry>();
  readonly #merged = new Map<string, MappingEntry>();
  #hasMerge = false;

  constructor(readonly report: (at: Position, problem: string, hint?: string) => void) {}

  add(key: string, entry: MappingEntry): void {
    const first = this.#own.get(key);
    if (!first) {
      this.#own.set(key, entry);
      return;
    }
    const { line } = first.at.source.place(first.at.offset);
    this.report(
      entry.at,
      `duplicate key "${key.slice(0, 100)}"`,
      `it stands in line ${line} already: remove one of them`,
    );
  }

  merge(node: YamlNode, at: Position): void {
    if (this.#hasMerge)
      this.report(at, 'duplicate merge key <<', 'merge several mappings by one list: <<: [*a, *b]');
    this.#hasMerge = true;
    const sources = node.kind === 'sequence' ? node.items.map((i) => i.node) : [node];
    for (const source of sources) {
      if (source.kind === 'mapping')
        for (const [key, entry] of source.entries) if (!this.#merged.has(key)) this.#merged.set(key, entry);
      if (source.kind !== 'mapping' && !('isBroken' in source))
        this.report(
          at,
          'a merge key << needs a mapping or a list of mappings',
          'write <<: *anchor with the anchor of a mapping',
        );
    }
  }

  build(): MappingNode {
    if (!this.#hasMerge) return { kind: 'mapping', entries: this.#own };
    return { kind: 'mapping', entries: new Map([...this.#merged, ...this.#own]) };
  }
}
