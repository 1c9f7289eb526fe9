import type { MissingType } from '../constants.ts';
import type { BinMapper } from './bin-mapper.ts';

const header = 8;

/** Bin mappers in shared memory: every thread writes those of its columns, all read all. */
export class MapperBoard {
  readonly memory: SharedArrayBuffer;
  readonly #values: Float64Array;
  readonly #stride: number;

  constructor(columns: number, maxBin: number, memory?: SharedArrayBuffer) {
    this.#stride = header + maxBin + 1;
    this.memory = memory ?? new SharedArrayBuffer(columns * this.#stride * 8);
    this.#values = new Float64Array(this.memory);
  }

  write(column: number, mapper: BinMapper): void {
    const at = column * this.#stride;
    const { upperBounds, missing, defaultBin, mostFrequentBin, trivial, min, max } = mapper;
    this.#values.set(
      [upperBounds.length, missing, defaultBin, mostFrequentBin, Number(trivial), min, max],
      at,
    );
    this.#values.set(upperBounds, at + header);
  }

  read(column: number): BinMapper {
    const at = column * this.#stride;
    const [bins, missing, defaultBin, mostFrequentBin, trivial, min, max] = this.#values.subarray(
      at,
      at + header,
    );
    return {
      kind: 'numerical',
      upperBounds: this.#values.slice(at + header, at + header + bins!),
      missing: missing as MissingType,
      defaultBin: defaultBin!,
      mostFrequentBin: mostFrequentBin!,
      trivial: trivial === 1,
      min: min!,
      max: max!,
    };
  }
}
