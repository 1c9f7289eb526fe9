import { TradeDecision } from '../backtest/decision.ts';
import { show } from '../backtest/exchange-options.ts';
import { strategyInfra } from '../backtest/infra-properties.ts';
import { type Direction, Order, parseDirection } from '../backtest/order.ts';
import { readCsvFile } from '../backtest/signal-file.ts';
import { isTable } from '../backtest/signal-table.ts';
import type { Level, Strategy } from '../backtest/strategy.ts';
import { parseTime, type Time } from '../core/dates.ts';
import { UserError } from '../core/errors.ts';
import type { Definition } from '../core/registry.ts';
import { readTradeRange, tradeRangeSchema } from './trade-range.ts';

export interface FileOrderOptions {
  /** CSV file, or table, with columns datetime, instrument, amount (adjusted shares), direction (buy, sell). */
  readonly file: unknown;
  readonly trade_range?: unknown;
}

interface FileOrder {
  readonly instrument: string;
  readonly amount: number;
  readonly direction: Direction;
}

/**
 * Places orders that a file lists, each in the step that begins at its time, by name within a step: qlib's
 * FileOrderStrategy.
 */
class FileOrders implements Strategy {
  #level: Level | undefined;
  #orders: ReadonlyMap<Time, readonly FileOrder[]> = new Map();

  constructor(readonly options: FileOrderOptions) {}

  async prepare(): Promise<ReadonlySet<string>> {
    this.#orders = await readOrders(this.options.file);
    return new Set([...this.#orders.values()].flat().map((order) => order.instrument));
  }

  reset(level: Level): void {
    this.#level = level;
  }

  decide(): TradeDecision {
    const time = this.#level!.calendar.stepTime();
    const orders = (this.#orders.get(time.start) ?? []).map(
      ({ instrument, amount, direction }) => new Order(instrument, amount, direction, time.start, time.end),
    );
    return new TradeDecision(orders, time, readTradeRange(this.options.trade_range));
  }
}

async function readOrders(file: unknown): Promise<ReadonlyMap<Time, readonly FileOrder[]>> {
  const { columns, length, name } = await readColumns(file);
  const column = (key: string) => {
    const cells = columns.get(key);
    if (!cells)
      throw new UserError(`${name} has the columns ${[...columns.keys()].join(', ')}`, {
        hint: 'datetime, instrument, amount and direction are needed',
        path: ['file'],
      });
    return cells;
  };
  const [times, instruments, amounts, directions] = ['datetime', 'instrument', 'amount', 'direction'].map(
    column,
  );
  const orders = new Map<Time, FileOrder[]>();
  for (let row = 0; row < length; row++) {
    const given = times![row];
    const time = typeof given === 'number' ? given : parseTime(String(given));
    const amount = Number(amounts![row]);
    const direction = parseDirection(directions![row]);
    if (time === undefined || !(amount >= 0) || !direction)
      throw new UserError(
        `${name}: order ${row + 1} is ${show([given, instruments![row], amounts![row], directions![row]])}`,
        { hint: 'a date, an instrument, an amount >= 0, and buy or sell are needed', path: ['file'] },
      );
    const list = orders.get(time) ?? [];
    list.push({ instrument: String(instruments![row]), amount, direction });
    orders.set(time, list);
  }
  for (const list of orders.values())
    list.sort((a, b) => (a.instrument < b.instrument ? -1 : a.instrument > b.instrument ? 1 : 0));
  return orders;
}

async function readColumns(
  file: unknown,
): Promise<{ columns: ReadonlyMap<string, ArrayLike<unknown>>; length: number; name: string }> {
  if (isTable(file) && file.kind === 'frame') {
    const columns = new Map(
      file.columns.map(({ label, values }) => [String(label), values as ArrayLike<unknown>]),
    );
    return { columns, length: file.columns[0]?.values.length ?? 0, name: 'the table of orders' };
  }
  if (typeof file !== 'string')
    throw new UserError(`file is ${show(file)}`, { hint: 'a CSV file or a table is needed', path: ['file'] });
  const { header, rows } = await readCsvFile(file, ['file']);
  return {
    columns: new Map(header.map((key, i) => [key, rows.map((row) => row[i])])),
    length: rows.length,
    name: file,
  };
}

export const FileOrderStrategy: Definition<Strategy, FileOrderOptions> = {
  name: 'FileOrderStrategy',
  schema: {
    type: 'object',
    properties: { ...strategyInfra, file: {}, trade_range: tradeRangeSchema },
    required: ['file'],
    additionalProperties: false,
  },
  create: (options) => new FileOrders(options),
};
