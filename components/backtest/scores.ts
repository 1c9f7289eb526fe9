import { lowerBound } from '../core/dates.ts';
import type { PanelIndex, Values } from '../core/panel.ts';

/** Scores of one step, by instrument in order of name. A score may be NaN. */
export class Scores {
  #names: readonly string[] | undefined;

  /**
   * @param known all names, sorted
   * @param codes ascending indices into them, one a score
   * @param codeOf their inverse
   */
  constructor(
    readonly known: readonly string[],
    readonly codes: Int32Array,
    readonly values: Values,
    readonly codeOf: ReadonlyMap<string, number>,
  ) {}

  /** Scores of the times [from, to) of a panel: of several, each instrument's last that is not NaN. */
  static of(
    { codes, offsets, instruments }: PanelIndex,
    values: Values,
    codeOf: ReadonlyMap<string, number>,
    from: number,
    to: number,
  ): Scores {
    const first = offsets[from]!;
    const end = offsets[to]!;
    if (to === from + 1)
      return new Scores(instruments, codes.subarray(first, end), values.subarray(first, end), codeOf);
    const last = new Map<number, number>();
    for (let row = first; row < end; row++)
      if (!Number.isNaN(values[row]!) || !last.has(codes[row]!)) last.set(codes[row]!, values[row]!);
    const present = Int32Array.from(last.keys()).sort();
    return new Scores(
      instruments,
      present,
      Float64Array.from(present, (code) => last.get(code)!),
      codeOf,
    );
  }

  get length(): number {
    return this.codes.length;
  }

  /** Names, in order. */
  get instruments(): readonly string[] {
    return (this.#names ??= Array.from(this.codes, (code) => this.known[code]!));
  }

  name(at: number): string {
    return this.known[this.codes[at]!]!;
  }

  /** Where an instrument stands; -1 where it has no score. */
  indexOf(instrument: string): number {
    const code = this.codeOf.get(instrument);
    if (code === undefined) return -1;
    const at = lowerBound(this.codes, code);
    return this.codes[at] === code ? at : -1;
  }

  /** An instrument's score; NaN where it has none. */
  of(instrument: string): number {
    const at = this.indexOf(instrument);
    return at < 0 ? Number.NaN : this.values[at]!;
  }
}
