import type { SharedData } from '../data.ts';
import type { NativeLibrary } from './library.ts';

const float32 = 0;
const float64 = 1;
const int32 = 2;

/** A training by LightGBM's own library. What it holds must be given back with `free`. */
export class NativeBooster {
  readonly #library: NativeLibrary;
  readonly #datasets: unknown[] = [];
  #booster: unknown = null;
  readonly #metrics: number;

  constructor(library: NativeLibrary, params: string, train: SharedData, valids: readonly SharedData[]) {
    this.#library = library;
    const reference = this.#dataset(train, params, null);
    this.#booster = this.#made((out) => library.call('LGBM_BoosterCreate', reference, params, out));
    for (const valid of valids)
      library.call('LGBM_BoosterAddValidData', this.#booster, this.#dataset(valid, params, reference));
    const count = [0];
    library.call('LGBM_BoosterGetEvalCounts', this.#booster, count);
    this.#metrics = count[0]!;
  }

  /** One iteration. */
  step(): void {
    this.#library.call('LGBM_BoosterUpdateOneIter', this.#booster, [0]);
  }

  /** All metrics of a validation set, or of the training data (-1). */
  evaluate(set: number): Float64Array {
    const values = new Float64Array(this.#metrics);
    this.#library.call('LGBM_BoosterGetEval', this.#booster, set + 1, [0], values);
    return values;
  }

  /** The model file of the first `iterations`, or of all where 0. */
  text(iterations: number): string {
    const length = [0];
    const write = (room: number, into: Uint8Array) =>
      this.#library.call(
        'LGBM_BoosterSaveModelToString',
        this.#booster,
        0,
        iterations > 0 ? iterations : -1,
        0,
        room,
        length,
        into,
      );
    write(0, new Uint8Array(1));
    const text = new Uint8Array(Number(length[0]));
    write(text.length, text);
    return new TextDecoder().decode(text.subarray(0, -1));
  }

  free(): void {
    if (this.#booster) this.#library.call('LGBM_BoosterFree', this.#booster);
    for (const dataset of this.#datasets) this.#library.call('LGBM_DatasetFree', dataset);
    this.#booster = null;
    this.#datasets.length = 0;
  }

  /** A dataset of the library: it copies the features, which must stand in one block for it. */
  #dataset(data: SharedData, params: string, reference: unknown): unknown {
    const { columns, length, label, weight, group, initScore } = data;
    const single = columns.every(({ values }) => values instanceof Float32Array);
    const matrix = new (single ? Float32Array : Float64Array)(columns.length * length);
    for (const [c, { values, rows }] of columns.entries())
      if (rows) for (let r = 0; r < length; r++) matrix[c * length + r] = values[rows[r]!]!;
      else matrix.set(values.subarray(0, length), c * length);
    const library = this.#library;
    const type = single ? float32 : float64;
    const dataset = this.#made((out) =>
      library.call(
        'LGBM_DatasetCreateFromMat',
        matrix,
        type,
        length,
        columns.length,
        0,
        params,
        reference,
        out,
      ),
    );
    this.#datasets.push(dataset);
    const set = (name: string, values: Float32Array | Float64Array | Int32Array | null, kind: number) => {
      // koffi takes no shared memory
      if (values) library.call('LGBM_DatasetSetField', dataset, name, values.slice(), values.length, kind);
    };
    set('label', label, float32);
    set('weight', weight, float32);
    set('group', group, int32);
    set('init_score', initScore, float64);
    return dataset;
  }

  #made(make: (out: unknown[]) => void): unknown {
    const out: unknown[] = [null];
    make(out);
    return out[0];
  }
}
