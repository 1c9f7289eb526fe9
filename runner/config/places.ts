import { type KeyPath, UserError, type UserErrorOptions } from '../../components/core/errors.ts';
import type { Place } from './types.ts';

/** A user's mistake in a file whose key paths are not known (yet): its problem begins with the place. */
export class PlacedError extends UserError {
  constructor(
    readonly place: Place,
    /** The problem without the place. */
    readonly detail: string,
    options: UserErrorOptions = {},
  ) {
    super(`${formatPlace(place)}: ${detail}`, options);
  }

  override within(prefix: KeyPath): PlacedError {
    const { hint, cause } = this;
    return new PlacedError(this.place, this.detail, { hint, cause, path: [...prefix, ...this.path] });
  }
}

/** `conf/lgb.yaml:41:14`; only the file where the line is 0. */
export function formatPlace({ file, line, column }: Place): string {
  return line === 0 ? file : `${file}:${line}:${column}`;
}

/** Offsets of the line starts of a text whose lines end in `\n`. */
export function lineStarts(text: string): Uint32Array {
  const starts = [0];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return Uint32Array.from(starts);
}

/** Index of the line (from 0) that holds `offset`. */
export function lineOf(starts: Uint32Array, offset: number): number {
  let low = 0;
  let high = starts.length;
  while (low + 1 < high) {
    const middle = (low + high) >>> 1;
    if (starts[middle]! <= offset) low = middle;
    else high = middle;
  }
  return low;
}

/** A text with the means to say where its offsets stand in the file that it came from. */
export class SourceText {
  readonly #starts: Uint32Array;

  constructor(
    readonly file: string,
    readonly text: string,
    /** `lines[i]` is the file's line (from 1) of line i of the text; left out where they are the same. */
    readonly lines?: Uint32Array,
    /** White space that was put before lines (from 0) of the text, in characters. */
    readonly padding: ReadonlyMap<number, number> = new Map(),
  ) {
    this.#starts = lineStarts(text);
  }

  /** Index of the line (from 0) of the text. */
  lineOf(offset: number): number {
    return lineOf(this.#starts, Math.max(0, Math.min(offset, this.text.length)));
  }

  place(offset: number): Place {
    const line = this.lineOf(offset);
    const last = this.lines ? this.lines.length - 1 : 0;
    return {
      file: this.file,
      line: this.lines ? this.lines[Math.min(line, last)]! : line + 1,
      column: Math.max(1, offset - this.#starts[line]! - (this.padding.get(line) ?? 0) + 1),
    };
  }
}
