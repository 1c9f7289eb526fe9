import { utimes, writeFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { Order } from '../../components/backtest/order.ts';
import { denseColumn, Panel, PanelIndex } from '../../components/core/panel.ts';
import { panelToTable } from '../../components/core/table.ts';
import { WorkerPool } from '../../components/core/workers.ts';
import { encodeObject } from '../../records/codec/codec.ts';
import { Encoded } from '../../records/codec/encoded.ts';
import { ordersTable } from '../../records/port-ana/orders-table.ts';
import { RunWork } from '../../records/template/run-work.ts';
import { exampleRun } from './report/example-run.ts';

describe('RunWork', () => {
  it('reads the signal once, and again when the file is another one', async () => {
    const recorder = await exampleRun();
    const pool = new WorkerPool(1);
    const work = new RunWork(recorder, pool);
    const first = await work.pred();
    expect(await work.pred()).toBe(first);
    expect(await work.figures()).toBe(await work.figures());
    await recorder.saveObjects({ 'pred.pkl': await recorder.loadObject('label.pkl') });
    expect(await work.pred()).not.toBe(first);
    await pool.close();
  });

  it('gives what was kept of an artifact until somebody writes it', async () => {
    const recorder = await exampleRun();
    const pool = new WorkerPool(1);
    const work = new RunWork(recorder, pool);
    const value = {};
    await recorder.saveObjects({ 'note.json': { a: 1 } });
    await work.keep('note.json', value);
    expect(await work.kept('note.json')).toBe(value);
    expect(await work.kept('other.json')).toBeUndefined();
    const file = await recorder.downloadArtifact('note.json');
    await writeFile(file, '{"a": 2}');
    await utimes(file, 1, 1);
    expect(await work.kept('note.json')).toBeUndefined();
    await pool.close();
  });

  it('has handed to the threads what was asked for before, however much came with it', async () => {
    const recorder = await exampleRun({
      days: 2000,
      names: Array.from({ length: 40 }, (_, i) => `I${i}`).sort(),
    });
    const asked: string[] = [];
    const never = <R>(task: string) => new Promise<R>(() => asked.push(task));
    const work = new RunWork(recorder, { size: 1, run: never, all: () => never('all') });
    const signal = async () => {
      await work.pred();
      await work.labels(0);
      return work.analysis(0, true);
    };
    void signal();
    void work.figures();
    await work.handedOver();
    expect(asked.sort()).toEqual(['score-figures', 'signal-analysis']);
  });

  it('keeps what is made of several artifacts until one of them is written', async () => {
    const recorder = await exampleRun();
    const work = new RunWork(recorder, new WorkerPool(1));
    await recorder.saveObjects({ 'a.json': 1, 'b.json': 2 });
    await work.keep('sum', 3, ['a.json', 'b.json']);
    expect(await work.kept('sum', ['a.json', 'b.json'])).toBe(3);
    await recorder.saveObjects({ 'b.json': 22 });
    expect(await work.kept('sum', ['a.json', 'b.json'])).toBeUndefined();
    await work.keep('sum', 3, ['a.json', 'absent.json']);
    expect(await work.kept('sum', ['a.json', 'absent.json'])).toBeUndefined();
  });

  it('gives of a table that was kept the panel that its file gives', async () => {
    const days = [1, 2, 3, 4].map((day) => Date.UTC(2024, 0, day));
    // no row of B, none on the second day
    const index = new PanelIndex(
      Float64Array.from(days),
      Int32Array.of(0, 2, 2, 3, 5),
      ['A', 'B', 'C'],
      Int32Array.of(0, 2, 0, 0, 2),
    );
    for (const values of [
      Float64Array.of(1, Number.NaN, -0, 3.5, 2),
      Float32Array.of(1, Number.NaN, -0, 3.5, 2),
    ]) {
      const whole = new Panel(index, [
        denseColumn(null, 'score', values),
        denseColumn(null, 'LABEL1', values),
      ]);
      for (const panel of [whole, whole.slice(1, 4), whole.slice(2, 5)]) {
        const recorder = await exampleRun();
        const table = panelToTable(panel);
        await recorder.saveObjects({ 'pred.pkl': table, 'label.pkl': table });
        const read = new RunWork(recorder, new WorkerPool(1));
        const kept = new RunWork(recorder, new WorkerPool(1));
        await kept.keep('pred.pkl', table);
        await kept.keep('label.pkl', table);
        expect(await kept.pred()).toEqual(await read.pred());
        expect(await kept.labels(1)).toEqual(await read.labels(1));
      }
    }
  });

  it('encodes a large table on a thread to the same bytes', async () => {
    const pool = new WorkerPool(2);
    const work = new RunWork(await exampleRun(), pool.beside);
    const deals = Array.from({ length: 2500 }, (_, i) => {
      const order = new Order(`I${i % 70}`, 100 + i, i % 2 === 0 ? 'buy' : 'sell', i, i);
      order.dealAmount = i % 5 === 0 ? 0 : 100;
      const price = i % 9 === 0 ? Number.NaN : 10 + i / 7;
      return {
        order,
        value: 100 * price,
        cost: 1,
        price,
        refusal: i % 5 === 0 ? ('cash' as const) : null,
        time: i * 1e6,
      };
    });
    const table = ordersTable(deals);
    const encoded = await work.encoded('orders.parquet', table);
    if (!(encoded instanceof Encoded)) throw new Error('it was not encoded');
    const bytes = async (value: unknown) => Buffer.concat(await encodeObject('orders.parquet', value));
    expect((await bytes(encoded)).equals(await bytes(table))).toBe(true);
    const small = ordersTable(deals.slice(0, 9));
    expect(await work.encoded('orders.parquet', small)).toBe(small);
    await pool.close();
  });
});
