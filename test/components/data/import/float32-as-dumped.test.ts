import { describe, expect, it } from 'vitest';
import { float32AsDumped } from '../../../../components/data/import/float32-as-dumped.ts';

describe('float32AsDumped', () => {
  // np.float32(pd.read_csv(io.StringIO(f'x,y\n{x!r},q')).x[0]), pandas 2.2.3
  it.each([
    [0.0016664682771079242, 0.0016664682],
    [112084500.00000001, 112084500],
    [25313074.999999996, 25313076],
    [0.0009501961467321962, 0.0009501961],
  ])('rounds %d by way of its text', (value, want) => {
    const plain = Math.fround(value);
    const [dumped] = float32AsDumped(Float64Array.of(value));
    expect(dumped).toBe(Math.fround(want));
    expect(dumped).not.toBe(plain);
  });

  it('is the nearest float32 elsewhere', () => {
    const values = [0, -0, Number.NaN, Number.POSITIVE_INFINITY, 1.1, -2.7e-40, 16777217, 1e300, 0.5];
    expect([...float32AsDumped(Float64Array.from(values))]).toEqual(values.map(Math.fround));
  });
});
