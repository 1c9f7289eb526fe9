import { expect, it } from 'vitest';
import { allocateRoom, roomFor } from '../../../../components/model/hist/room.ts';

const binning = { thresholds: Float32Array.of(1), reaches: false, missing: 255, bins: 256 };
const spec = (features: number, length: number, slots: number) => ({
  binnings: Array.from({ length: features }, () => binning),
  length,
  threads: 2,
  slots,
  ownBytes: 0,
});

it('refuses rows that 32-bit addresses cannot reach, with the rows that fit', () => {
  expect(() => roomFor(spec(158, 30_000_000, 66))).toThrow(
    '30000000 rows of 158 features need 5.3 GB to grow trees on, which have 4.3 GB\n  train on at most 24159134 rows, or on fewer features',
  );
  expect(roomFor(spec(158, 24_159_134, 66))).toBeLessThanOrEqual(2 ** 32);
  expect(roomFor(spec(158, 24_159_134, 66))).toBeGreaterThan(2 ** 32 - 500);
});

it('refuses histograms that leave no room for any row', () => {
  expect(() => roomFor(spec(158, 1000, 32_770))).toThrow(
    'trees need up to 32770 histograms of 158 features, 21.2 GB of the 4.3 GB that there can be\n  trees of fewer levels or leaves, or features with fewer bins, need less',
  );
});

it('tells the user that memory cannot be had', () => {
  expect(() => allocateRoom(2 ** 33)).toThrow(
    'the machine has no 8.6 GB left to grow trees on\n  train on fewer rows or features, or end what else holds memory',
  );
});
