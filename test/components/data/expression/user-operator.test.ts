import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { WorkerPool } from '../../../../components/core/workers.ts';
import { CacheStore } from '../../../../components/data/cache/cache-store.ts';
import { openCachedData } from '../../../../components/data/cache/cached-provider.ts';
import { codeBehind, loadOperators } from '../../../../components/data/expression/operator-set.ts';
import { parseExpression } from '../../../../components/data/expression/parse.ts';
import { windowOf } from '../../../../components/data/expression/tree.ts';
import { openData } from '../../../../components/data/folder-provider.ts';
import { prices, TestMarket } from '../market.ts';

const code = `
  const series = { name: 'feature', kind: 'series' };
  export class Sum2 {
    parameters = [series, { name: 'N', kind: 'value', default: { type: 'int', value: 2 } }];
    window([, n]) { if (!(n > 0)) throw new Error('N must be positive'); return { left: n - 1 }; }
    compute([x, n], out) {
      for (let i = 0; i < x.length; i++) {
        out[i] = 0;
        for (let k = Math.max(0, i - n + 1); k <= i; k++) out[i] += x[k];
      }
      x.fill(0);
    }
  }
  export const Ahead = { parameters: [series], window: () => ({ right: 1 }), compute: ([x]) => x.map((_, i) => x[i + 1]) };
  export const Plus = { parameters: [series, { name: 'by', kind: 'operand' }], compute: ([x, y]) => x.map((v, i) => v + y[i]) };
  export const Short = { parameters: [series], compute: ([x]) => x.slice(1) };
  export const Throws = { parameters: [series], compute: () => { throw new Error('no luck'); } };
  export const Mean = { parameters: [series], compute: ([x]) => x.map(() => 42) };
  export const Add = { parameters: [series, series], compute: ([x]) => x.map(() => 42) };
  export const CSRank = { parameters: [series], compute: ([x]) => x };
  export const NoList = { compute() {} };
  export const NoSeries = { parameters: [{ name: 'N', kind: 'value' }], compute() {} };
  export const Odd = { parameters: [{ name: 'x', kind: 'sequence' }], compute() {} };
  export const number = 5;
`;
const module = (...names: string[]) => ({ file: '/home/me/ops.ts', code, names });
const set = await loadOperators([module('Sum2', 'Ahead', 'Plus', 'Short', 'Throws')]);
const names = ['A', 'B', 'C'];
const market = new TestMarket(
  60,
  Object.fromEntries(
    names.map((name, i) => [name, { close: { start: 3 * i, values: prices(i, 60 - 3 * i) } }]),
  ),
);
const folder = mkdtempSync(join(tmpdir(), 'qrun-operators-'));
afterAll(() => {
  market.remove();
  rmSync(folder, { recursive: true, force: true });
});
const request = (...expressions: string[]) => ({
  instruments: 'all',
  fields: expressions.map((expression) => ({ group: null, name: expression, expression })),
  start: market.times[20]!,
  end: null,
});
const columns = async (...expressions: string[]) =>
  (await openData(market.folder, { operators: set }).features(request(...expressions))).columns.map((c) =>
    Array.from(c.values),
  );
const messageOf = (run: () => unknown): Promise<string> =>
  Promise.resolve()
    .then(run)
    .then(
      () => '',
      (error: Error) => error.message,
    );

describe('operators of a user', () => {
  it('compute like built-in ones, with the rows before and after that they ask for', async () => {
    const [own, want, ahead, ref, plus, both] = await columns(
      'Sum2($close)',
      '$close + Ref($close, 1)',
      'Ahead(Sum2($close, 2))',
      'Ref($close + Ref($close, 1), -1)',
      'Plus($close, 1.5) - Plus($close, $close)',
      '1.5 - $close',
    );
    const near = (a: number[], b: number[]) =>
      a.forEach((v, i) => {
        if (Number.isNaN(v) !== Number.isNaN(b[i]!) || Math.abs(v - b[i]!) > 1e-4)
          throw new Error(`${i}: ${v} ${b[i]}`);
      });
    near(own!, want!);
    near(ahead!, ref!);
    near(plus!, both!);
    expect(windowOf(parseExpression('Ref(Ahead(Sum2($close, 5)), 3)', set.operators))).toEqual({
      left: 7,
      right: 1,
    });
  });

  it('give the same in worker threads', async () => {
    const pool = new WorkerPool(2);
    try {
      // enough cells to be worth threads
      const many = Array.from({ length: 12_000 }, (_, i) => `Sum2($close, ${1 + (i % 3)})`);
      const threads = await openData(market.folder, { operators: set, pool }).features({
        ...request(...many),
        start: null,
      });
      const alone = await openData(market.folder, { operators: set }).features({
        ...request(...many.slice(0, 3)),
        start: null,
      });
      for (const i of [0, 1, 2, 11_998])
        expect(Array.from(threads.columns[i]!.values)).toEqual(Array.from(alone.columns[i % 3]!.values));
      const failing = Array.from({ length: 12_000 }, () => 'Throws($close)');
      const wrong = openData(market.folder, { operators: set, pool }).features({
        ...request(...failing),
        start: null,
      });
      expect(await messageOf(() => wrong)).toMatch(
        /^the operator Throws of \/home\/me\/ops.ts failed on [ABC]: no luck$/,
      );
    } finally {
      await pool.close();
    }
  });

  it('take names of built-in ones in calls, not behind signs', async () => {
    const own = await loadOperators([module('Mean', 'Add')]);
    const data = openData(market.folder, { operators: own });
    const { columns: got } = await data.features(
      request('Mean($close)', '$close+$close', 'Add($close,$close)'),
    );
    const first = (i: number) => got[i]!.values.find((v) => !Number.isNaN(v));
    expect([first(0), first(2)]).toEqual([42, 42]);
    expect(first(1)).not.toBe(42);
  });

  it('are kept by their code in the cache', async () => {
    const store = new CacheStore(join(folder, 'cache'));
    const open = (operators: typeof set) =>
      openCachedData(market.folder, { operators, store, keeps: true, now: Date.now, minValues: 1 });
    const ask = request('Sum2($close, 3)');
    const before = Array.from((await open(set).features(ask)).columns[0]!.values);
    expect(Array.from((await open(set).features(ask)).columns[0]!.values)).toEqual(before);
    const changed = await loadOperators([
      { ...module('Sum2'), code: code.replace('out[i] += x[k]', 'out[i] -= x[k]') },
    ]);
    const after = (await open(changed).features(ask)).columns[0]!.values;
    expect(Array.from(after, (v) => -v)).toEqual(before);
    expect(codeBehind(['Mean($close, 5)', 'MySum2($x)'], set)).toEqual([]);
    expect(codeBehind(['1 + Sum2 ($close, 5)'], set)).toHaveLength(1);
  });

  it.each([
    ['NoList', 'NoList of /home/me/ops.ts is no operator: it has no list "parameters"'],
    ['NoSeries', 'NoSeries of /home/me/ops.ts is no operator: no parameter is of kind "series"'],
    ['Odd', 'Odd of /home/me/ops.ts is no operator: the kind of x must be series, operand, value'],
    ['number', 'number of /home/me/ops.ts is no operator: it is neither an object nor a class'],
    ['CSRank', 'the operator CSRank cannot be replaced, as /home/me/ops.ts wants to'],
    ['Sum3', 'unknown operator "Sum3" in /home/me/ops.ts'],
  ])('are refused: %s', async (name, message) => {
    expect((await messageOf(() => loadOperators([module(name)]))).split('\n')[0]).toBe(message);
  });

  it.each([
    ['Sum2($close, 0)', 'Sum2 refuses its arguments: N must be positive'],
    ['Sum3($close)', 'unknown operator "Sum3"'],
    ['Sum2(5)', 'feature of Sum2 must be an expression such as $close, not a constant'],
    ['Sum2($close, $close)', 'N of Sum2 must be a constant, not an expression'],
    ['Short($close)', 'the operator Short of /home/me/ops.ts failed on A: it returned 39 values for 40 rows'],
  ])('say what is wrong: %s', async (text, message) => {
    expect(await messageOf(() => columns(text))).toContain(message);
  });
});
