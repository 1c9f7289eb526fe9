import { useMemo, useState } from 'preact/hooks';
import { get, useLoaded } from '../api.ts';
import { Chart } from '../charts/chart.tsx';
import { linesOption } from '../charts/options.ts';
import { shownNumber, shownPercent } from '../format.ts';
import { Card, Empty, Pending } from '../parts/basics.tsx';
import { SortableTable } from '../parts/sortable-table.tsx';

interface Positions {
  readonly day: string;
  readonly cash: number;
  readonly value: number;
  readonly holdings: readonly {
    readonly instrument: string;
    readonly amount: number;
    readonly price: number;
    readonly value: number;
    readonly weight: number;
  }[];
  readonly days: readonly string[];
  readonly instruments: readonly string[];
}

interface Trades {
  readonly held: readonly { readonly day: string; readonly amount: number; readonly price: number | null }[];
  readonly trades: readonly {
    readonly day: string;
    readonly change: number;
    readonly price: number | null;
  }[];
  readonly orders:
    | readonly {
        readonly datetime: string;
        readonly direction: string;
        readonly asked: number;
        readonly filled: number;
        readonly price: number | null;
        readonly fee: number | null;
        readonly reason: string | null;
      }[]
    | null;
}

/** What was held on a day, and what was traded of an instrument. */
export function PositionsTab({ runId }: { runId: string }) {
  const [day, setDay] = useState('');
  const [instrument, setInstrument] = useState('');
  const path = `runs/${encodeURIComponent(runId)}`;
  const positions = useLoaded(`${runId} ${day}`, () => get<Positions>(`${path}/positions`, { day }));
  const known = useLoaded(runId, () => get<Positions>(`${path}/positions`));
  const trades = useLoaded(`${runId} ${instrument}`, async () =>
    instrument === '' ? null : get<Trades>(`${path}/trades`, { instrument }),
  );
  if (!known.value)
    return known.error?.message.includes('no positions') ? (
      <Empty>This run has no backtest: its artifacts hold no positions.</Empty>
    ) : (
      <Pending loaded={known} what="positions" />
    );
  const { days, instruments } = known.value;
  const shown = positions.value ?? known.value;
  return (
    <div class="columns">
      <Card title={`Positions at the end of ${shown.day}`}>
        <div class="tools">
          <label>
            Day
            <input
              type="date"
              min={days[0]?.slice(0, 10)}
              max={days.at(-1)?.slice(0, 10)}
              value={shown.day.slice(0, 10)}
              onChange={(event) => setDay(event.currentTarget.value)}
            />
          </label>
          <input
            type="range"
            aria-label="Day"
            min={0}
            max={days.length - 1}
            value={days.indexOf(shown.day)}
            onChange={(event) => setDay(days[Number(event.currentTarget.value)] ?? '')}
          />
        </div>
        <p class="muted">
          Account {shownNumber(shown.value)}, cash {shownNumber(shown.cash)}, {shown.holdings.length}{' '}
          instruments
        </p>
        <SortableTable
          caption="Positions"
          csv={`positions-${shown.day}.csv`}
          rows={shown.holdings}
          keyOf={(h) => h.instrument}
          columns={[
            {
              name: 'Instrument',
              value: (h) => h.instrument,
              show: (h) => (
                <button type="button" class="link" onClick={() => setInstrument(h.instrument)}>
                  {h.instrument}
                </button>
              ),
            },
            { name: 'Amount', isNumber: true, value: (h) => h.amount, show: (h) => shownNumber(h.amount) },
            { name: 'Price', isNumber: true, value: (h) => h.price, show: (h) => shownNumber(h.price) },
            { name: 'Value', isNumber: true, value: (h) => h.value, show: (h) => shownNumber(h.value) },
            { name: 'Weight', isNumber: true, value: (h) => h.weight, show: (h) => shownPercent(h.weight) },
          ]}
        />
      </Card>
      <Card title="Trades of an instrument">
        <div class="tools">
          <label>
            Instrument
            <select value={instrument} onChange={(event) => setInstrument(event.currentTarget.value)}>
              <option value="">choose one</option>
              {instruments.map((name) => (
                <option key={name} value={name}>
                  {name}
                </option>
              ))}
            </select>
          </label>
        </div>
        {trades.value ? (
          <TradesOf instrument={instrument} trades={trades.value} />
        ) : (
          <p class="muted">Choose an instrument, here or in the table.</p>
        )}
      </Card>
    </div>
  );
}

function TradesOf({ instrument, trades: { held, trades, orders } }: { instrument: string; trades: Trades }) {
  const option = useMemo(
    () =>
      linesOption(
        held.map((h) => h.day),
        [{ name: 'amount held', values: held.map((h) => h.amount), area: true }],
      ),
    [held],
  );
  return (
    <>
      <Chart
        title={`Holding of ${instrument}`}
        summary={`${trades.length} trades.`}
        option={option}
        height={220}
        csv={() => ({
          header: ['day', 'amount', 'price'],
          rows: held.map((h) => [h.day, h.amount, h.price]),
        })}
      />
      {orders ? (
        <SortableTable
          caption={`Orders of ${instrument}`}
          csv={`orders-${instrument}.csv`}
          rows={orders.map((order, at) => ({ ...order, at }))}
          keyOf={(o) => String(o.at)}
          columns={[
            { name: 'Day', value: (o) => o.datetime },
            { name: 'Side', value: (o) => o.direction, show: (o) => <Side name={o.direction} /> },
            { name: 'Asked', isNumber: true, value: (o) => o.asked, show: (o) => shownNumber(o.asked) },
            { name: 'Filled', isNumber: true, value: (o) => o.filled, show: (o) => shownNumber(o.filled) },
            { name: 'Price', isNumber: true, value: (o) => o.price, show: (o) => shownNumber(o.price) },
            { name: 'Fee', isNumber: true, value: (o) => o.fee, show: (o) => shownNumber(o.fee) },
            { name: 'Cut by', value: (o) => o.reason ?? '' },
          ]}
        />
      ) : (
        <SortableTable
          caption={`Trades of ${instrument}`}
          csv={`trades-${instrument}.csv`}
          rows={trades}
          keyOf={(t) => t.day}
          columns={[
            { name: 'Day', value: (t) => t.day },
            { name: 'Side', value: (t) => sideOf(t), show: (t) => <Side name={sideOf(t)} /> },
            {
              name: 'Amount',
              isNumber: true,
              value: (t) => Math.abs(t.change),
              show: (t) => shownNumber(Math.abs(t.change)),
            },
            { name: 'Price', isNumber: true, value: (t) => t.price, show: (t) => shownNumber(t.price) },
          ]}
        />
      )}
    </>
  );
}

const sideOf = ({ change }: { readonly change: number }): string => (change > 0 ? 'buy' : 'sell');

function Side({ name }: { name: string }) {
  return <span class={name === 'buy' ? 'good' : 'bad'}>{name}</span>;
}
