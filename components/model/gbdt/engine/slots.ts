import { UserError } from '../../../core/errors.ts';
import type { Engine } from './engine.ts';
import { mostBytes } from './room.ts';

const pageBytes = 65_536;

/** Places for histograms at the end of the memory, which grows with them; released ones are used again, last first. */
export class SlotPool {
  readonly #engine: Engine;
  readonly #free: number[] = [];
  #count = 0;

  constructor(engine: Engine) {
    this.#engine = engine;
  }

  take(): number {
    const free = this.#free.pop();
    if (free !== undefined) return free;
    ensureBytes(this.#engine.shared.memory, this.histogram(this.#count + 1));
    return this.#count++;
  }

  release(slot: number): void {
    this.#free.push(slot);
  }

  /** Address of the slot's compact histogram. */
  histogram(slot: number): number {
    const { slots, slotBytes } = this.#engine.layout;
    return slots + slot * slotBytes;
  }

  /** Address of its splittable flags. */
  splittable(slot: number): number {
    return this.histogram(slot) + this.#engine.layout.histogramBytes;
  }
}

/** Grows the memory until it has `bytes`. @throws UserError where they are more than addresses of 32 bits reach, or than the machine has. */
export function ensureBytes(memory: WebAssembly.Memory, bytes: number): void {
  const missing = Math.ceil((bytes - memory.buffer.byteLength) / pageBytes);
  if (missing <= 0) return;
  try {
    memory.grow(missing);
  } catch (cause) {
    const gigabytes = (n: number) => `${(n / 1e9).toFixed(1)} GB`;
    const has = bytes > mostBytes ? `which have ${gigabytes(mostBytes)}` : 'which the machine does not have';
    throw new UserError(`bins and histograms need ${gigabytes(bytes)} to grow trees on, ${has}`, {
      hint: 'train on fewer rows or features, with fewer bins (max_bin) or leaves (num_leaves)',
      cause,
    });
  }
}
