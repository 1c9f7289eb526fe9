import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readWorkflow } from '../../../runner/config/index.ts';
import { isOverride, parseOverride } from '../../../runner/overrides/parse-override.ts';
import { overrideProduct } from '../../../runner/overrides/product.ts';

const text = `
market: &market all
kwargs: &kwargs
  instruments: *market
  alpha: 1
  list: [1, {a: 2}]
task:
  first: *kwargs
  second: *kwargs
  third:
    <<: *kwargs
    own: 3
`;

async function read(...overrides: string[]) {
  const file = join(mkdtempSync(join(tmpdir(), 'overrides-')), 'w.yaml');
  writeFileSync(file, text);
  const workflow = await readWorkflow(file, { env: {}, cwd: tmpdir(), overrides });
  return JSON.parse(JSON.stringify(workflow.config));
}

describe('overrides', () => {
  it('sets a value at a path that is an alias only there', async () => {
    const { task, kwargs } = await read('task.second.alpha=2.5');
    expect([kwargs.alpha, task.first.alpha, task.second.alpha, task.third.alpha]).toEqual([1, 1, 2.5, 1]);
  });

  it('sets a value at its anchor for all aliases, as an edit of the file would', async () => {
    const { task, kwargs } = await read('kwargs.alpha=7', 'market=demo50');
    expect([kwargs.alpha, task.first.alpha, task.second.alpha, task.third.alpha]).toEqual([7, 7, 7, 7]);
    expect([task.first.instruments, task.third.instruments, kwargs.instruments]).toEqual([
      'demo50',
      'demo50',
      'demo50',
    ]);
  });

  it('adds, forces and deletes keys', async () => {
    const { task } = await read('+task.third.extra.deep=[1, 2]', '~task.third.own', '++task.first.alpha=9');
    expect(task.third).toEqual({
      instruments: 'all',
      alpha: 1,
      list: [1, { a: 2 }],
      extra: { deep: [1, 2] },
    });
    expect(task.first.alpha).toBe(9);
  });

  it('reaches into lists and reads values as YAML', async () => {
    const { task } = await read(
      'task.third.list.1.a=null',
      "task.third.own='5'",
      'task.first={x: 2020-01-02}',
    );
    expect(task.third.list).toEqual([1, { a: null }]);
    expect(task.third.own).toBe('5');
    expect(task.first).toEqual({ x: '2020-01-02' });
  });

  it('refuses keys that are not there with the nearest one', async () => {
    await expect(read('task.second.alpa=1')).rejects.toThrow(/has no key "alpa"\n {2}did you mean "alpha"/);
    await expect(read('task.thrid.alpha=1')).rejects.toThrow(/did you mean "third"/);
    await expect(read('kwargs.list.4=1')).rejects.toThrow(/has no item "4"\n {2}allowed: 0 to 1/);
    await expect(read('+kwargs.alpha=1')).rejects.toThrow(/is there already/);
    await expect(read('~kwargs.nope')).rejects.toThrow(/has no key "nope"/);
    await expect(read('market.x=1')).rejects.toThrow(/single value/);
    await expect(read('market=[1')).rejects.toThrow(/override market=\[1:1/);
  });

  it('tells overrides from names', () => {
    const words = ['a.b=1', '+a.b=1', '++a=', '~a.b', 'name', 'dir/x=1', 'a b=1', '~/mlruns'];
    expect(words.filter(isOverride)).toEqual(['a.b=1', '+a.b=1', '++a=', '~a.b']);
    expect(parseOverride('a\\.b.c=1').path).toEqual(['a.b', 'c']);
    expect(() => parseOverride('a..b=1')).toThrow(/empty part/);
    expect(() => parseOverride('+a.b')).toThrow(/no value/);
  });

  it('multiplies lists over commas', () => {
    expect(overrideProduct(['a=1,2', 'b=[1,2],"x,y"', '~c'])).toEqual([
      ['a=1', 'b=[1,2]', '~c'],
      ['a=1', 'b="x,y"', '~c'],
      ['a=2', 'b=[1,2]', '~c'],
      ['a=2', 'b="x,y"', '~c'],
    ]);
  });
});
