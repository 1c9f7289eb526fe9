import { afterAll, describe, expect, it } from 'vitest';
import { openData } from '../../../../components/data/folder-provider.ts';
import { TestMarket } from '../market.ts';

const market = new TestMarket(4, {
  A: { close: { start: 0, values: [13.0786, 13.1176, 13.0081, 12.8674] } },
});
afterAll(() => market.remove());

async function valuesOf(expression: string): Promise<number[]> {
  const fields = [{ group: null, name: 'x', expression }];
  const { columns } = await openData(market.folder).features({
    instruments: ['A'],
    fields,
    start: null,
    end: null,
    freq: 'day',
  });
  return Array.from(columns[0]!.values);
}

// pandas 2.2.3, numpy 1.26.4: x = pd.Series(np.array([13.0786, 13.1176, 13.0081, 12.8674], "float32")); [float(np.float32(y)) for y in x / N - x / float(N)]
describe('a number beside a float32 column', () => {
  it.each([
    [
      1000000,
      [-2.747983589811154e-13, 1.9406434196168193e-13, -2.573360632657923e-13, 9.592622377853355e-14],
    ],
    [
      -32769,
      [-1.4481306778724168e-11, -7.264189683803268e-12, 7.1735980870790694e-12, -7.443596086731397e-12],
    ],
  ])('makes it float64 where it is a whole number of more than 16 bits: %d', async (number, expected) => {
    expect(await valuesOf(`$close/${number} - $close/${number}.0`)).toEqual(expected);
  });

  it.each([65535, -32768, 3])('leaves it float32 where it is one of 16 bits: %d', async (number) => {
    expect(await valuesOf(`$close/${number} - $close/${number}.0`)).toEqual([0, 0, 0, 0]);
  });

  it('is compared with it in that type', async () => {
    expect(await valuesOf('$close/1000000 > $close/1000000.0')).toEqual([0, 1, 0, 1]);
  });
});
