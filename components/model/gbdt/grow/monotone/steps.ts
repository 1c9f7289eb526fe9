/** Lower (or upper) bounds that depend on the bin of a feature: `values[i]` holds for bins from `starts[i]` on. LightGBM `FeatureMinOrMaxConstraints`. */
export class Steps {
  readonly starts: number[] = [0];
  readonly values: number[];
  readonly #lower: boolean;

  /** `lower`: these are lower bounds, the larger one holds. */
  constructor(lower: boolean) {
    this.#lower = lower;
    this.values = [this.#free];
  }

  get #free(): number {
    return this.#lower ? -Number.MAX_VALUE : Number.MAX_VALUE;
  }

  #tighter(a: number, b: number): number {
    return this.#lower ? Math.max(a, b) : Math.min(a, b);
  }

  reset(): void {
    this.starts.splice(0, this.starts.length, 0);
    this.values.splice(0, this.values.length, this.#free);
  }

  copy(): Steps {
    const copy = new Steps(this.#lower);
    copy.starts.splice(0, 1, ...this.starts);
    copy.values.splice(0, 1, ...this.values);
    return copy;
  }

  /** Bounds all bins. */
  tighten(value: number): void {
    for (let i = 0; i < this.values.length; i++) this.values[i] = this.#tighter(value, this.values[i]!);
  }

  /** Bounds the bins [from, to) of a feature of `bins` bins, step by step as LightGBM's `UpdateConstraints` does, with all its quirks. */
  tightenPart(value: number, from: number, to: number, bins: number): void {
    const { starts, values } = this;
    const isTighter = (other: number) => (this.#lower ? value > other : value < other);
    let begun = false;
    let ended = false;
    let before = this.#free;
    for (let i = 0; i < starts.length; i++) {
      const here = values[i]!;
      if (starts[i] === from) {
        values[i] = this.#tighter(value, values[i]!);
        begun = true;
      }
      if (starts[i]! > from) {
        if (starts[i]! < to) values[i] = this.#tighter(value, values[i]!);
        if (!begun) {
          begun = true;
          if (isTighter(before)) {
            values.splice(i, 0, value);
            starts.splice(i, 0, from);
            i++;
          }
        }
      }
      if (starts[i] === to) {
        ended = true;
        break;
      }
      if (starts[i]! > to) {
        if (i !== 0 && before !== values[i - 1]) {
          values.splice(i, 0, before);
          starts.splice(i, 0, to);
        }
        ended = true;
        break;
      }
      if (i !== 0 && values[i] === values[i - 1]) {
        values.splice(i, 1);
        starts.splice(i, 1);
        i--;
      }
      before = here;
    }
    if (!begun) {
      if (isTighter(values.at(-1)!)) {
        values.push(value);
        starts.push(from);
      } else ended = true;
    }
    if (!ended && to !== bins && before !== values.at(-1)) {
      values.push(before);
      starts.push(to);
    }
  }

  /** The tightest bounds of all bins up to each step, and from each step on. */
  running(): { upTo: number[]; from: number[] } {
    const upTo = [...this.values];
    const from = [...this.values];
    for (let i = 1; i < upTo.length; i++) upTo[i] = this.#tighter(upTo[i]!, upTo[i - 1]!);
    for (let i = from.length - 2; i >= 0; i--) from[i] = this.#tighter(from[i]!, from[i + 1]!);
    return { upTo, from };
  }
}
