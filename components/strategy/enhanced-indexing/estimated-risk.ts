import type { Context } from '../../core/context.ts';
import { dayMs, type Time, upperBound } from '../../core/dates.ts';
import { denseValues, type Panel, type Values } from '../../core/panel.ts';
import { symmetricEigen } from '../../riskmodel/symmetric-eigen.ts';
import type { DenseMatrix, FactorRisk, RiskModel } from '../../riskmodel/types.ts';
import type { Matrix } from './cholesky.ts';
import type { RiskData } from './risk-data.ts';

/** Shares of the returns of an instrument that are drawn in at either end, as qlib's example of risk data has it. */
const tail = 0.025;
/** Calendar days that hold a trading day, for loading enough of them. */
const calendarDays = 1.6;
const spareDays = 20;

/** Daily closes from which the risk of any day is estimated. */
export class EstimatedRisk {
  readonly #close: Values;
  readonly #codeOf: ReadonlyMap<string, number>;
  /** Row of (time, instrument) plus 1; 0 where there is none. */
  readonly #rows: Int32Array;

  private constructor(
    readonly panel: Panel,
    readonly model: RiskModel,
    readonly lookBack: number,
  ) {
    const { times, offsets, codes, instruments } = panel.index;
    this.#close = denseValues(panel.columns[0]!);
    this.#codeOf = new Map(instruments.map((name, code) => [name, code]));
    this.#rows = new Int32Array(times.length * instruments.length);
    for (let t = 0; t < times.length; t++)
      for (let row = offsets[t]!; row < offsets[t + 1]!; row++)
        this.#rows[t * instruments.length + codes[row]!] = row + 1;
  }

  /** Loads the closes of `names` over a time and the returns before it. */
  static async load(
    { data }: Context,
    model: RiskModel,
    lookBack: number,
    names: readonly string[],
    { start, end }: { readonly start: Time; readonly end: Time },
  ): Promise<EstimatedRisk> {
    const panel = await data.features({
      instruments: [...names].sort(),
      fields: [{ group: null, name: 'close', expression: '$close' }],
      start: start - (lookBack * calendarDays + spareDays) * dayMs,
      end,
    });
    return new EstimatedRisk(panel, model, lookBack);
  }

  /**
   * The risk of those of `names` that have at least half of the `lookBack` returns up to a day, that day's with them; undefined where nothing
   * has. Missing returns are left to the model.
   */
  at(day: Time, names: readonly string[]): RiskData | undefined {
    const { times } = this.panel.index;
    const to = upperBound(times, day);
    const from = Math.max(0, to - this.lookBack - 1);
    if (to - from < 3) return undefined;
    const universe: string[] = [];
    const columns: Float64Array[] = [];
    for (const name of names) {
      const code = this.#codeOf.get(name);
      if (code === undefined) continue;
      const returns = this.#returns(code, from, to);
      if (returns.filter((r) => !Number.isNaN(r)).length < (to - from - 1) / 2) continue;
      universe.push(name);
      columns.push(clipped(returns));
    }
    if (universe.length === 0) return undefined;
    const data = {
      rows: to - from - 1,
      columns: universe.length,
      values: Float64Array.from({ length: (to - from - 1) * universe.length }, (_, at) => {
        return columns[at % universe.length]![Math.floor(at / universe.length)]!;
      }),
    };
    const { exposure, factorCovariance, residualVariance } = partsOf(this.model, data);
    return {
      universe,
      exposure: rowsOf(exposure),
      factorCovariance: rowsOf(factorCovariance),
      residualVariance,
      blacklist: new Set(),
    };
  }

  #returns(code: number, from: number, to: number): Float64Array {
    const width = this.panel.index.instruments.length;
    const close = (t: number) => {
      const row = this.#rows[t * width + code]!;
      return row === 0 ? Number.NaN : this.#close[row - 1]!;
    };
    return Float64Array.from({ length: to - from - 1 }, (_, i) => close(from + i + 1) / close(from + i) - 1);
  }
}

/** The model's own parts, or the eigenvectors of its covariance with nothing left over. */
function partsOf(model: RiskModel, data: DenseMatrix): FactorRisk {
  if (model.decompose) return model.decompose(data, { isPrice: false });
  const { values, vectors } = symmetricEigen(model.covariance(data, { isPrice: false }));
  const n = values.length;
  const exposure = new Float64Array(n * n);
  const factorCovariance = new Float64Array(n * n);
  for (let k = 0; k < n; k++) {
    factorCovariance[k * n + k] = Math.max(0, values[k]!);
    for (let i = 0; i < n; i++) exposure[i * n + k] = vectors.values[k * n + i]!;
  }
  const square = (of: Float64Array) => ({ rows: n, columns: n, values: of });
  return {
    exposure: square(exposure),
    factorCovariance: square(factorCovariance),
    residualVariance: new Float64Array(n),
  };
}

/** Returns drawn in to their 2.5 % and 97.5 % quantiles, read between two values. */
function clipped(returns: Float64Array): Float64Array {
  const sorted = returns.filter((r) => !Number.isNaN(r)).sort();
  const quantile = (share: number) => {
    const at = share * (sorted.length - 1);
    const below = Math.floor(at);
    const above = Math.min(below + 1, sorted.length - 1);
    return sorted[below]! + (at - below) * (sorted[above]! - sorted[below]!);
  };
  const [low, high] = [quantile(tail), quantile(1 - tail)];
  return returns.map((r) => (Number.isNaN(r) ? r : Math.min(high, Math.max(low, r))));
}

function rowsOf({ rows, columns, values }: DenseMatrix): Matrix {
  return Array.from({ length: rows }, (_, i) => values.slice(i * columns, (i + 1) * columns));
}
