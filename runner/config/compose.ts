import {
  type AliasEvent,
  EVENT_ID,
  type Event,
  getScalarValue,
  type MappingEvent,
  SCALAR_STYLE,
  type ScalarEvent,
  type SequenceEvent,
} from 'js-yaml';
import { nearest } from '../../components/core/nearest.ts';
import { MappingBuilder } from './mapping-builder.ts';
import { parseYaml } from './parse-events.ts';
import { PlacedError, type SourceText } from './places.ts';
import { BadScalar, resolvePlain, resolveTagged } from './scalars.ts';
import {
  expandedSize,
  type Position,
  type ScalarNode,
  type SequenceNode,
  type YamlNode,
} from './yaml-node.ts';

/** More values than that, aliases followed, are no workflow. */
const maxValues = 200_000;
const coreTag = 'tag:yaml.org,2002:';

export interface Composed {
  readonly root: YamlNode;
  /** Mistakes after which reading went on: duplicate keys, unknown tags, impossible dates, undefined aliases. */
  readonly problems: readonly PlacedError[];
  readonly references: readonly Reference[];
}

/** An alias: where it stands and where the anchor that it refers to does. */
export interface Reference {
  readonly from: Position;
  readonly to: Position;
}

/**
 * Reads one YAML document as ruamel.yaml's safe loader for YAML 1.2 does, keeping the places of keys and items.
 * @throws UserError for text that is not YAML, several documents, and aliases that expand to too much
 */
export function composeYaml(source: SourceText): Composed {
  return new Composer(source).compose();
}

const broken: ScalarNode = { kind: 'scalar', value: null, isBroken: true };

class Composer {
  readonly #problems: PlacedError[] = [];
  readonly #references: Reference[] = [];
  readonly #anchors = new Map<string, { node: YamlNode; at: Position }>();
  /** Anchors of collections that are still being read. */
  readonly #open = new Set<string>();
  readonly #events: readonly Event[];
  readonly source: SourceText;
  #next = 0;
  #offset = 0;
  #count = 0;

  constructor(given: SourceText) {
    const { events, source } = parseYaml(given);
    this.#events = events;
    this.source = source;
  }

  compose(): Composed {
    let root: YamlNode = { kind: 'scalar', value: null };
    const document = this.#events[this.#next++];
    if (document?.type === EVENT_ID.DOCUMENT) {
      if (document.directives.some((d) => d.kind === 'yaml' && d.version !== '1.2'))
        this.#report(
          this.#at(0),
          'only YAML 1.2 is read',
          'remove the %YAML line: yes and 010 mean other things in 1.1',
        );
      root = this.#node().node;
      this.#next++;
      if (this.#next < this.#events.length) throw this.#secondDocument();
    }
    if (expandedSize(root, maxValues + 1) > maxValues) throw this.#tooLarge(0);
    return { root, problems: this.#problems, references: this.#references };
  }

  /** Reads the node whose event is next, up to its end. */
  #node(): { node: YamlNode; at: Position; plain: string | undefined } {
    const event = this.#events[this.#next++]!;
    const at = this.#at(this.#start(event));
    if (++this.#count > maxValues) throw this.#tooLarge(at.offset);
    switch (event.type) {
      case EVENT_ID.SCALAR: {
        const node = this.#scalar(event, at);
        const anchor = this.#anchor(event);
        if (anchor !== undefined) this.#anchors.set(anchor, { node, at });
        const plain =
          event.style === SCALAR_STYLE.PLAIN ? getScalarValue(this.source.text, event) : undefined;
        return { node, at, plain };
      }
      case EVENT_ID.ALIAS:
        return { node: this.#alias(event, at), at, plain: undefined };
      case EVENT_ID.SEQUENCE:
        return { node: this.#collection(event, at, 'seq', () => this.#sequence()), at, plain: undefined };
      case EVENT_ID.MAPPING:
        return { node: this.#collection(event, at, 'map', () => this.#mapping()), at, plain: undefined };
      default:
        throw new Error(`unexpected YAML event ${event.type}`);
    }
  }

  #collection(
    event: SequenceEvent | MappingEvent,
    at: Position,
    kind: string,
    read: () => YamlNode,
  ): YamlNode {
    const tag = this.#tag(event);
    if (tag !== undefined && tag !== coreTag + kind && tag !== '!') this.#unknownTag(tag, at);
    const anchor = this.#anchor(event);
    if (anchor !== undefined) {
      this.#anchors.delete(anchor);
      this.#open.add(anchor);
    }
    const node = read();
    this.#next++;
    if (anchor !== undefined) {
      this.#open.delete(anchor);
      this.#anchors.set(anchor, { node, at });
    }
    return node;
  }

  #isEnd(): boolean {
    return this.#events[this.#next]?.type === EVENT_ID.POP;
  }

  #sequence(): SequenceNode {
    const items: { at: Position; node: YamlNode }[] = [];
    while (!this.#isEnd()) {
      const { node, at } = this.#node();
      items.push({ at, node });
    }
    return { kind: 'sequence', items };
  }

  #mapping(): YamlNode {
    const builder = new MappingBuilder((where, problem, hint) => this.#report(where, problem, hint));
    while (!this.#isEnd()) {
      const key = this.#node();
      const text = key.plain ?? (key.node.kind === 'scalar' ? String(key.node.value) : undefined);
      const value = this.#node();
      if (text === undefined) {
        this.#report(
          key.at,
          'a list or mapping cannot be a key',
          'a template tag {{ NAME }} needs quotes around it here',
        );
      } else if (key.plain === '<<') {
        builder.merge(value.node, key.at);
      } else builder.add(text, { at: key.at, node: value.node });
    }
    return builder.build();
  }

  #scalar(event: ScalarEvent, at: Position): ScalarNode {
    const text = getScalarValue(this.source.text, event);
    const tag = this.#tag(event);
    let value: ReturnType<typeof resolveTagged> = text;
    if (tag === undefined || tag === '!') {
      // a plain << is dealt with by the mapping whose key it is
      if (event.style === SCALAR_STYLE.PLAIN && text !== '<<') value = resolvePlain(text);
    } else value = tag.startsWith(coreTag) ? resolveTagged(tag.slice(coreTag.length), text) : undefined;
    if (value === undefined) {
      this.#unknownTag(tag ?? '', at);
      return broken;
    }
    if (!(value instanceof BadScalar)) return { kind: 'scalar', value };
    this.#report(at, value.problem, value.hint);
    return broken;
  }

  #alias(event: AliasEvent, at: Position): YamlNode {
    const name = this.source.text.slice(event.anchorStart, event.anchorEnd);
    const target = this.#anchors.get(name);
    if (target) {
      this.#references.push({ from: at, to: target.at });
      return target.node;
    }
    if (this.#open.has(name)) {
      this.#report(
        at,
        `the alias *${name} stands inside its own anchor`,
        'a value cannot contain itself: the alias would recurse without end',
      );
      return broken;
    }
    const known = [...this.#anchors.keys()];
    const near = nearest(name, known);
    const shown = known.slice(0, 20).map((a) => `*${a}`);
    this.#report(
      at,
      `undefined alias *${name.slice(0, 100)}: no anchor &${name.slice(0, 100)} stands above`,
      `${near ? `did you mean *${near}? ` : ''}${shown.length > 0 ? `allowed here: ${shown.join(', ')}` : 'no anchor stands above'}`,
    );
    return broken;
  }

  #unknownTag(tag: string, at: Position): void {
    const shown = tag.startsWith(coreTag) ? `!!${tag.slice(coreTag.length)}` : tag;
    this.#report(
      at,
      `the tag ${shown.slice(0, 100)} is not allowed`,
      'a workflow holds plain data: allowed are !!str, !!int, !!float, !!bool, !!null, !!timestamp, !!seq and !!map',
    );
  }

  #anchor(event: ScalarEvent | SequenceEvent | MappingEvent): string | undefined {
    return event.anchorStart < 0 ? undefined : this.source.text.slice(event.anchorStart, event.anchorEnd);
  }

  #tag(event: ScalarEvent | SequenceEvent | MappingEvent): string | undefined {
    if (event.tagStart < 0) return undefined;
    const text = this.source.text.slice(event.tagStart, event.tagEnd);
    if (text.startsWith('!<')) return text.slice(2, -1);
    return text.startsWith('!!') ? coreTag + text.slice(2) : text;
  }

  #at(offset: number): Position {
    return { source: this.source, offset };
  }

  /** Where a node begins, its anchor and tag included; an empty one stands where the last began. */
  #start(event: Event): number {
    const starts: number[] = [];
    if ('anchorStart' in event) starts.push(event.anchorStart - 1);
    if ('tagStart' in event) starts.push(event.tagStart);
    if ('start' in event) starts.push(event.start);
    if ('valueStart' in event) {
      const isQuoted =
        event.style === SCALAR_STYLE.SINGLE_QUOTED || event.style === SCALAR_STYLE.DOUBLE_QUOTED;
      starts.push(isQuoted ? event.valueStart - 1 : event.valueStart);
    }
    const known = starts.filter((s) => s >= 0);
    if (known.length > 0) this.#offset = Math.min(...known);
    return this.#offset;
  }

  #report(at: Position, problem: string, hint?: string): void {
    this.#problems.push(
      new PlacedError(at.source.place(at.offset), problem, hint === undefined ? {} : { hint }),
    );
  }

  #tooLarge(offset: number): PlacedError {
    return new PlacedError(this.source.place(offset), 'the file holds too many values, aliases expanded', {
      hint: `the limit is ${maxValues}`,
    });
  }

  #secondDocument(): PlacedError {
    const after = this.#events[this.#next + 1];
    const offset = after ? this.#start(after) : this.source.text.length;
    return new PlacedError(
      this.source.place(offset),
      'a second YAML document begins here, a workflow is a single one',
      {
        hint: 'remove the line --- and what follows, or put it in a file of its own',
      },
    );
  }
}
