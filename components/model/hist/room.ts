import { UserError } from '../../core/errors.ts';
import { mostBytes } from '../gbdt/engine/room.ts';
import { type LayoutSpec, makeLayout } from './layout.ts';

/** Bytes of a row beside its bins: (gradient, hessian) and two row numbers. */
const rowBytes = 16;

/**
 * Bytes of a training's memory.
 * @throws UserError where they are more than addresses of 32 bits reach, with the rows that would fit.
 */
export function roomFor(spec: LayoutSpec): number {
  const { bytes, groups, slotBytes } = makeLayout(spec);
  if (bytes <= mostBytes) return bytes;
  const { length, slots, binnings } = spec;
  const features = binnings.length;
  const gigabytes = (n: number) => `${(n / 1e9).toFixed(1)} GB`;
  const aRow = groups.reduce((sum, { width }) => sum + width, rowBytes);
  const most = Math.floor((mostBytes - (bytes - length * aRow)) / aRow);
  if (most > 0)
    throw new UserError(
      `${length} rows of ${features} features need ${gigabytes(bytes)} to grow trees on, which have ${gigabytes(mostBytes)}`,
      { hint: `train on at most ${most} rows, or on fewer features` },
    );
  throw new UserError(
    `trees need up to ${slots} histograms of ${features} features, ${gigabytes(slots * slotBytes)} of the ${gigabytes(mostBytes)} that there can be`,
    { hint: 'trees of fewer levels or leaves, or features with fewer bins, need less' },
  );
}

/** Shared memory of a fixed size. @throws UserError where the machine has none. */
export function allocateRoom(bytes: number): WebAssembly.Memory {
  const pages = Math.ceil(bytes / 65_536);
  try {
    return new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true });
  } catch (cause) {
    throw new UserError(`the machine has no ${(bytes / 1e9).toFixed(1)} GB left to grow trees on`, {
      hint: 'train on fewer rows or features, or end what else holds memory',
      cause,
    });
  }
}
