import type { DealRecord } from '../../../components/backtest/executor.ts';
import { Order } from '../../../components/backtest/order.ts';
import { Position } from '../../../components/backtest/position.ts';
import { denseColumn, Panel, PanelIndex } from '../../../components/core/panel.ts';
import type { Table } from '../../../components/core/table.ts';
import { ordersTable } from '../../../records/port-ana/orders-table.ts';
import { positionsToPython } from '../../../records/port-ana/position-to-python.ts';
import type { Recorder } from '../../../records/tracking/recorder.ts';
import { weekdays } from '../../components/backtest/market.ts';
import { newR } from '../tracking/support.ts';

/** Names that try to be something else than text. */
export const hostile = [
  `<script>window.hacked=1</script>`,
  `"><img src=x onerror="window.hacked=1">`,
  `</script><script>window.hacked=1</script>`,
  `' onmouseover='window.hacked=1`,
  `\u202egnp.exe\u0007`,
  `{{constructor}}\${1}`,
];

export interface ExampleOptions {
  readonly days?: number;
  readonly names?: readonly string[];
  readonly hasBenchmark?: boolean;
  /** Stands for the hostile texts around the names. */
  readonly title?: string;
}

/** Steps that look like chance, the same each time. */
const wave = (i: number) => Math.sin(i * i * 1.7 + i);

/** A recorded run with signal and backtest, made up; its names are hostile unless others are given. */
export async function exampleRun({
  days: count = 260,
  names = [...hostile, 'AAA', 'BBB', 'CCC', 'DDD'].sort(),
  hasBenchmark = true,
  title,
}: ExampleOptions = {}): Promise<Recorder> {
  const { R } = newR();
  const experiment = await R.startExp({
    experimentName: '<b>experiment</b>',
    recorderName: title ?? hostile[0],
  });
  const recorder = experiment.activeRecorder!;
  const days = weekdays('2021-01-04', count);
  const panel = (f: (row: number) => number) => {
    const index = new PanelIndex(
      days,
      Int32Array.from({ length: count + 1 }, (_, t) => t * names.length),
      names,
      Int32Array.from({ length: count * names.length }, (_, i) => i % names.length),
    );
    return new Panel(index, [
      denseColumn(
        null,
        'score',
        Float64Array.from(index.codes, (_, row) => f(row)),
      ),
    ]);
  };
  await recorder.saveObjects({
    'pred.pkl': panel(wave),
    'label.pkl': panel((row) => 0.01 * wave(row) + 0.02 * wave(row + 7)),
    task: {
      model: { class: title ?? hostile[1], kwargs: {} },
      dataset: { class: 'DatasetH', kwargs: { handler: { class: title ?? hostile[2] } } },
      record: [
        {
          class: 'PortAnaRecord',
          kwargs: {
            config: {
              backtest: { benchmark: title ?? hostile[3], exchange_kwargs: { deal_price: 'close' } },
              strategy: { class: 'TopkDropoutStrategy' },
            },
          },
        },
      ],
    },
  });
  await recorder.saveObjects(
    {
      'report_normal_1day.pkl': reportTable(days, hasBenchmark),
      'positions_normal_1day.pkl': positionsToPython(
        new Map(Array.from(days, (day, t) => [day, positionAt(t, names)])),
      ),
      'orders.parquet': ordersTable(dealsOf(days, names)),
    },
    'portfolio_analysis',
  );
  return recorder;
}

function reportTable(days: Float64Array, hasBenchmark: boolean): Table {
  const returns = Array.from(days, (_, i) => 0.001 + 0.01 * wave(i));
  const cost = returns.map(() => 0.0002);
  let account = 1_000_000;
  const accounts = returns.map((r, i) => (account *= 1 + r - cost[i]!));
  const column = (label: string, values: readonly number[]) => ({
    label,
    dtype: 'float64' as const,
    values: Float64Array.from(values),
  });
  return {
    kind: 'frame',
    index: [{ name: 'datetime', dtype: 'datetime64[ns]', values: days, codes: null }],
    columns: [
      column('account', accounts),
      column('return', returns),
      column(
        'total_turnover',
        accounts.map((a, i) => a * 0.1 * (i + 1)),
      ),
      column(
        'turnover',
        returns.map(() => 0.1),
      ),
      column(
        'total_cost',
        accounts.map((_, i) => 200 * (i + 1)),
      ),
      column('cost', cost),
      column(
        'value',
        accounts.map((a) => a * 0.95),
      ),
      column(
        'cash',
        accounts.map((a) => a * 0.05),
      ),
      column(
        'bench',
        returns.map((_, i) => (hasBenchmark ? 0.008 * wave(i + 3) : 0)),
      ),
    ],
  };
}

function positionAt(t: number, names: readonly string[]): Position {
  const held = names.slice(t % 3, (t % 3) + 5);
  return new Position(
    50_000,
    held.map((name, i) => [name, { amount: 100 + i, price: 10 + (t % 7), weight: undefined, counts: {} }]),
  );
}

function dealsOf(days: Float64Array, names: readonly string[]): DealRecord[] {
  const reasons = [null, 'cash', 'limit', 'suspended', 'unit'] as const;
  return Array.from(days, (time, t) => {
    const order = new Order(names[t % names.length]!, 100, t % 2 ? 'sell' : 'buy', time, time);
    const refusal = reasons[t % reasons.length]!;
    const isRefused = refusal === 'limit' || refusal === 'suspended';
    order.dealAmount = isRefused ? 0 : refusal === null ? 100 : 60;
    order.factor = 2;
    const value = order.dealAmount * 10;
    return {
      order,
      time,
      refusal,
      value,
      cost: value * 0.001,
      price: isRefused ? Number.NaN : 10,
    };
  });
}
