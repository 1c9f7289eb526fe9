import { expect, it } from 'vitest';
import { checkRoom } from '../../../../../components/model/gbdt/engine/room.ts';
import { ensureBytes } from '../../../../../components/model/gbdt/engine/slots.ts';

it('refuses rows that 32-bit addresses cannot reach, before any is binned', () => {
  expect(() => checkRoom(20_000_000, 158, 1)).not.toThrow();
  expect(() => checkRoom(30_000_000, 158, 1)).toThrow(
    '30000000 rows of 158 features need 5.3 GB to grow trees on, which have 4.3 GB\n  train on at most 24129029 rows, or on fewer features',
  );
});

it('tells what the bins and histograms would need where the memory cannot grow', () => {
  const memory = new WebAssembly.Memory({ initial: 1, maximum: 2, shared: true });
  expect(() => ensureBytes(memory, 2 ** 20)).toThrow(
    'bins and histograms need 0.0 GB to grow trees on, which the machine does not have\n  train on fewer rows or features, with fewer bins (max_bin) or leaves (num_leaves)',
  );
  expect(() => ensureBytes(memory, 5e9)).toThrow('need 5.0 GB to grow trees on, which have 4.3 GB');
});
