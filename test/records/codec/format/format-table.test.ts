import { describe, expect, it } from 'vitest';
import type { Table } from '../../../../components/core/table.ts';
import { formatSeries } from '../../../../records/codec/format/format-series.ts';
import { formatTable } from '../../../../records/codec/format/format-table.ts';

const day = (d: number) => Date.UTC(2020, 0, d);

function frame(
  levels: (readonly unknown[])[],
  columns: Record<string, Float64Array>,
  names?: string[],
): Table {
  return {
    kind: 'frame',
    index: levels.map((values, k) => ({
      name: names?.[k] ?? null,
      dtype: typeof values[0] === 'number' ? ('datetime64[ns]' as const) : ('object' as const),
      values,
      codes: null,
    })),
    columns: Object.entries(columns).map(([label, values]) => ({ label, dtype: 'float64', values })),
  };
}

describe('formatTable', () => {
  it('prints a frame with two index levels as qlib prints the head of a prediction', () => {
    const table = frame(
      [new Array(5).fill(day(9)), ['A', 'AAPL', 'ABMD', 'ADBE', 'ADP']],
      { score: Float64Array.of(-0.00311, -0.006174, -0.017411, -0.003601, -0.001074) },
      ['datetime', 'instrument'],
    );
    // shared/goldens/backtest/records/signal/stdout.txt
    expect(formatTable(table)).toBe(
      [
        '                          score',
        'datetime   instrument          ',
        '2020-01-09 A          -0.003110',
        '           AAPL       -0.006174',
        '           ABMD       -0.017411',
        '           ADBE       -0.003601',
        '           ADP        -0.001074',
      ].join('\n'),
    );
  });

  it('cuts common zeros but one', () => {
    const table = frame([['ffr', 'pa', 'pos']], { value: Float64Array.of(1, 0, 0) });
    expect(formatTable(table)).toBe(['     value', 'ffr    1.0', 'pa     0.0', 'pos    0.0'].join('\n'));
  });

  it('leaves out columns in the middle and says how many there are', () => {
    const table = frame(
      [
        [
          'excess_return_with_cost',
          'excess_return_with_cost',
          'excess_return_without_cost',
          'excess_return_without_cost',
        ],
        ['annualized_return', 'information_ratio', 'annualized_return', 'information_ratio'],
      ],
      {
        mean: Float64Array.of(-0.781263, -3.411715, -0.687148, -3.000796),
        std: Float64Array.of(1.35974e-16, 0, 0, 5.43896e-16),
        mean_std: Float64Array.of(
          -5.745677e15,
          Number.NEGATIVE_INFINITY,
          Number.NEGATIVE_INFINITY,
          -5.517225e15,
        ),
      },
    );
    // shared/goldens/backtest/records/multi_pass_no_shuffle/stdout.txt
    expect(formatTable(table)).toBe(
      [
        '                                                  mean  ...      mean_std',
        'excess_return_with_cost    annualized_return -0.781263  ... -5.745677e+15',
        '                           information_ratio -3.411715  ...          -inf',
        'excess_return_without_cost annualized_return -0.687148  ...          -inf',
        '                           information_ratio -3.000796  ... -5.517225e+15',
        '',
        '[4 rows x 3 columns]',
      ].join('\n'),
    );
  });
});

describe('formatSeries', () => {
  it('prints name and dtype below the values', () => {
    const text = formatSeries({
      kind: 'series',
      index: [{ name: 'datetime', dtype: 'datetime64[ns]', values: [day(2), day(3)], codes: null }],
      name: 'ic',
      dtype: 'float64',
      values: Float64Array.of(0.5, Number.NaN),
    });
    // pd.Series([.5, float('nan')], pd.DatetimeIndex(['2020-01-02', '2020-01-03'], name='datetime'), name='ic')
    expect(text).toBe(
      ['datetime', '2020-01-02    0.5', '2020-01-03    NaN', 'Name: ic, dtype: float64'].join('\n'),
    );
  });
});
