import type { MissingType } from '../constants.ts';
import type { BinMapper } from './bin-mapper.ts';

const header = 8;

/** Bin mappers in shared memory: every thread writes those of its columns, all read all. */
export class MapperBoard {
  readonly memory: SharedArrayBuffer;
  readonly #values: Float64Array;
  readonly #starts: readonly number[];

  /** `most`: bins that each column may have. */
  constructor(most: readonly number[], memory?: SharedArrayBuffer) {
    let at = 0;
    this.#starts = most.map((bins) => {
      const start = at;
      at += header + bins + 1;
      return start;
    });
    this.memory = memory ?? new SharedArrayBuffer(at * 8);
    this.#values = new Float64Array(this.memory);
  }

  write(column: number, mapper: BinMapper): void {
    const at = this.#starts[column]!;
    const { kind, bins, upperBounds, categories, missing } = mapper;
    const { defaultBin, mostFrequentBin, trivial, min, max } = mapper;
    const categorical = kind === 'categorical';
    this.#values.set(
      [bins, missing, defaultBin, mostFrequentBin, Number(trivial), min, max, Number(categorical)],
      at,
    );
    this.#values.set(categorical ? categories : upperBounds, at + header);
  }

  read(column: number): BinMapper {
    const at = this.#starts[column]!;
    const [bins, missing, defaultBin, mostFrequentBin, trivial, min, max, categorical] =
      this.#values.subarray(at, at + header);
    const values = this.#values.slice(at + header, at + header + bins!);
    return {
      kind: categorical === 1 ? 'categorical' : 'numerical',
      bins: bins!,
      upperBounds: categorical === 1 ? new Float64Array(0) : values,
      categories: Int32Array.from(categorical === 1 ? values : []),
      missing: missing as MissingType,
      defaultBin: defaultBin!,
      mostFrequentBin: mostFrequentBin!,
      trivial: trivial === 1,
      min: min!,
      max: max!,
    };
  }
}
