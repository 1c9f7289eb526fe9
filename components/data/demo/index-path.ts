import { type Bars, fieldNames } from './bars.ts';
import { exp } from './elementary.ts';
import { Random } from './random.ts';

export const indexName = 'DEMO_INDEX';

/** Collects a capitalisation-weighted index from one instrument after the other, without keeping them. */
export class IndexBuilder {
  readonly #gain: Float64Array;
  readonly #weight: Float64Array;
  readonly #volume: Float64Array;

  constructor(days: number) {
    [this.#gain, this.#weight, this.#volume] = [
      new Float64Array(days),
      new Float64Array(days),
      new Float64Array(days),
    ];
  }

  /** Adds an instrument that starts at `firstDay`; a suspended day counts when trade goes on. `capital` is its value on the first day. */
  add(firstDay: number, bars: Bars, capital: number): void {
    const first = bars.close[0]!;
    let before = first;
    for (let k = 1; k < bars.close.length; k++) {
      const close = bars.close[k]!;
      if (Number.isNaN(close)) continue;
      const held = (capital * before) / first;
      this.#gain[firstDay + k]! += held * (close / before - 1);
      this.#weight[firstDay + k]! += held;
      this.#volume[firstDay + k]! += bars.volume[k]!;
      before = close;
    }
  }

  /** The index from 1000 on; open, high and low lie around its closes as noise has it. */
  bars(seed: number): Bars {
    const random = new Random(seed, 3);
    const days = this.#gain.length;
    const bars = Object.fromEntries(
      fieldNames.map((name) => [name, new Float64Array(days)]),
    ) as unknown as Bars;
    let before = 1000;
    for (let day = 0; day < days; day++) {
      const change = this.#weight[day]! > 0 ? this.#gain[day]! / this.#weight[day]! : 0;
      const close = before * (1 + change);
      const open = before * (1 + 0.4 * change + 0.002 * random.normal());
      const high = Math.max(open, close) * exp(0.003 * Math.abs(random.normal()));
      const low = Math.min(open, close) * exp(-0.003 * Math.abs(random.normal()));
      const vwap = (open + 2 * close + high + low) / 5;
      const volume = this.#volume[day]!;
      const row = {
        open,
        high,
        low,
        close,
        vwap,
        volume,
        factor: 1,
        change: day === 0 ? Number.NaN : change,
      };
      for (const name of fieldNames) bars[name][day] = row[name];
      before = close;
    }
    return bars;
  }
}
