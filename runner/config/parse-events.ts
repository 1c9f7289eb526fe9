import { type Event, parseEvents, YAMLException } from 'js-yaml';
import { SourceText } from './places.ts';
import { explainSyntax } from './yaml-errors.ts';

/** Deeper nesting than this is refused. */
const maxDepth = 100;
/** Work that lines with too little indentation may cost, in characters parsed. */
const maxWork = 20_000_000;
const pad = ' '.repeat(200);

export interface Parsed {
  readonly events: readonly Event[];
  /** What the offsets of the events are offsets of. */
  readonly source: SourceText;
}

/**
 * The events of a YAML text. Where js-yaml insists on indentation and ruamel.yaml does not, a closing bracket below its key or a
 * second line of a quoted text at the margin, the line is parsed as if it were indented: white space has no meaning there.
 * @throws UserError at the first fault
 */
export function parseYaml(given: SourceText): Parsed {
  let source = given;
  let first: YAMLException | undefined;
  for (let work = 0; ; work += source.text.length) {
    try {
      return { events: parseEvents(source.text, { filename: given.file, maxDepth }), source };
    } catch (error) {
      if (!(error instanceof YAMLException)) throw error;
      const next =
        error.reason === 'deficient indentation' && work < maxWork
          ? indentLine(source, error.mark?.position ?? 0)
          : undefined;
      if (!next) throw explainSyntax(first ?? error, given);
      first ??= error;
      source = next;
    }
  }
}

/** The text with the line at `offset` moved to the right; undefined if it has been already. */
function indentLine(source: SourceText, offset: number): SourceText | undefined {
  const line = source.lineOf(offset);
  if (source.padding.has(line)) return undefined;
  const { text } = source;
  const start = text.lastIndexOf('\n', offset - 1) + 1;
  const padding = new Map(source.padding).set(line, pad.length);
  return new SourceText(source.file, text.slice(0, start) + pad + text.slice(start), source.lines, padding);
}
