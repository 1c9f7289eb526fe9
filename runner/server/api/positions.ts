import { formatTime } from '../../../components/core/dates.ts';
import { PyObject, PyTimestamp } from '../../../components/core/python.ts';
import type { ArtifactFolder } from '../../../records/tracking/artifact-folder.ts';
import { ApiError, badRequest } from '../api-error.ts';
import { type ApiRoute, runParameter } from './api-route.ts';
import { allFiles } from './files.ts';
import { loadArtifact } from './load-artifact.ts';
import { ordersOf } from './orders.ts';
import { positionsPath } from './research.ts';

interface Holding {
  readonly amount: number;
  readonly price: number;
}

interface DayPosition {
  readonly day: string;
  readonly cash: number;
  readonly value: number;
  readonly holdings: ReadonlyMap<string, Holding>;
}

export const positionRoutes: readonly ApiRoute[] = [
  {
    method: 'GET',
    path: 'runs/:run_id/positions',
    summary:
      'What a portfolio held at the end of a day (the last one by default), and the days and instruments there are',
    parameters: [runParameter, { name: 'day', type: 'string', description: 'such as 2020-03-02' }],
    async handle(fields, { places }) {
      const days = await positionsOf(await places.ofRun(fields.requiredText('run_id')));
      const asked = fields.text('day');
      const found =
        asked === undefined || asked === '' ? days.at(-1) : days.findLast(({ day }) => day <= asked);
      if (!found) throw badRequest(`no position on ${asked}`);
      const held = [...found.holdings].map(([instrument, { amount, price }]) => ({
        instrument,
        amount,
        price,
        value: amount * price,
        weight: found.value === 0 ? 0 : (amount * price) / found.value,
      }));
      return {
        day: found.day,
        cash: found.cash,
        value: found.value,
        holdings: held.sort((a, b) => b.value - a.value),
        days: days.map(({ day }) => day),
        instruments: [...new Set(days.flatMap(({ holdings }) => [...holdings.keys()]))].sort(),
      };
    },
  },
  {
    method: 'GET',
    path: 'runs/:run_id/trades',
    summary:
      'How the holding of an instrument changed, day by day, at the prices of the position; its orders, where the run kept them',
    parameters: [
      runParameter,
      { name: 'instrument', type: 'string', required: true, description: 'its name' },
    ],
    async handle(fields, { places }) {
      const folder = await places.ofRun(fields.requiredText('run_id'));
      const instrument = fields.requiredText('instrument');
      const days = await positionsOf(folder);
      return { instrument, ...tradesOf(days, instrument), orders: await ordersOf(folder, instrument) };
    },
  },
];

function tradesOf(days: readonly DayPosition[], instrument: string): object {
  const held: { day: string; amount: number; price: number | null }[] = [];
  const trades: { day: string; change: number; price: number | null }[] = [];
  let before = 0;
  for (const { day, holdings } of days) {
    const holding = holdings.get(instrument);
    const amount = holding?.amount ?? 0;
    const change = amount - before;
    // Splits change amounts by a hair; a trade is more than that.
    if (Math.abs(change) > 1e-6 * Math.max(1, before))
      trades.push({ day, change, price: holding?.price ?? held.at(-1)?.price ?? null });
    if (amount !== 0 || before !== 0) held.push({ day, amount, price: holding?.price ?? null });
    before = amount;
  }
  return { held, trades };
}

async function positionsOf(folder: ArtifactFolder): Promise<DayPosition[]> {
  const path = positionsPath((await allFiles(folder)).files);
  if (path === undefined) throw new ApiError('RESOURCE_DOES_NOT_EXIST', 'the run has no positions');
  const value = await loadArtifact(folder, path);
  const entries = value instanceof Map ? [...value] : [];
  return entries
    .map(([day, position]) => dayPosition(dayOf(day), position))
    .filter((position) => position !== undefined)
    .sort((a, b) => (a.day < b.day ? -1 : 1));
}

function dayOf(key: unknown): string {
  return key instanceof PyTimestamp ? formatTime(key.time) : String(key);
}

/** qlib's Position: an object whose state has a dict with cash and an entry an instrument. */
function dayPosition(day: string, position: unknown): DayPosition | undefined {
  const state = position instanceof PyObject ? position.state.get('position') : position;
  if (!isDict(state)) return undefined;
  const holdings = new Map<string, Holding>();
  for (const [name, entry] of entriesOf(state)) {
    if (!isDict(entry)) continue;
    const fields = new Map(entriesOf(entry));
    const [amount, price] = [numberOf(fields.get('amount')), numberOf(fields.get('price'))];
    if (amount !== 0) holdings.set(name, { amount, price });
  }
  const fields = new Map(entriesOf(state));
  return {
    day,
    cash: numberOf(fields.get('cash')),
    value: numberOf(fields.get('now_account_value')),
    holdings,
  };
}

const isDict = (value: unknown): value is Map<unknown, unknown> | Record<string, unknown> =>
  value instanceof Map ||
  (typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype);

const entriesOf = (dict: Map<unknown, unknown> | Record<string, unknown>): [string, unknown][] =>
  dict instanceof Map ? [...dict].map(([key, value]) => [String(key), value]) : Object.entries(dict);

function numberOf(value: unknown): number {
  if (typeof value === 'number' || typeof value === 'bigint') return Number(value);
  if (typeof value === 'object' && value !== null && 'value' in value) return Number(value.value);
  return Number.NaN;
}
