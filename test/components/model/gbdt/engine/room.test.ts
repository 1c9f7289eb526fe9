import { expect, it } from 'vitest';
import { checkRoom } from '../../../../../components/model/gbdt/engine/room.ts';

it('refuses rows that 32-bit addresses cannot reach, before any is binned', () => {
  expect(() => checkRoom(20_000_000, 158, 1)).not.toThrow();
  expect(() => checkRoom(30_000_000, 158, 1)).toThrow(
    '30000000 rows of 158 features need 5.3 GB to grow trees on, which have 4.3 GB\n  train on at most 24129029 rows, or on fewer features',
  );
});
