import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseTime } from '../../components/core/dates.ts';
import { UserError } from '../../components/core/errors.ts';
import type { Panel } from '../../components/core/panel.ts';
import { builtinOperators } from '../../components/data/expression/ops/index.ts';
import { parseExpression } from '../../components/data/expression/parse.ts';
import { treeText, windowOf } from '../../components/data/expression/tree.ts';
import { openData } from '../../components/data/folder-provider.ts';
import { Difference, goldensData, goldensRoot, readCsv, readJson, toNumber } from './support.ts';

interface Expression {
  readonly id: string;
  readonly group: 'own' | 'ref';
  readonly expr: string;
  readonly str: string;
  readonly ext_window: readonly [number | string, number | string];
}
interface Window {
  readonly start: string;
  readonly end: string;
  readonly instruments: readonly string[];
  readonly tables: Readonly<Record<string, { readonly file: string }>>;
}

type ErrorRecord = {
  readonly error: string | null;
  readonly rows?: number;
  readonly dtype?: string;
  readonly value_first3?: readonly unknown[];
  readonly value_last?: unknown;
  readonly parsed_as?: string;
} & ({ readonly expr: string } | { readonly call: string });

const root = goldensRoot();
const folder = root ? join(root, 'data', 'ops') : '';
const provider = goldensData();

describe.skipIf(!root || !provider || !existsSync(folder))(
  'operators against qlib (skipped without goldens)',
  () => {
    const data = openData(provider!);
    const expressions = readJson<Expression[]>(join(folder, 'expressions.json'));
    const windows = readJson<Record<string, Window>>(join(folder, 'windows.json'));

    it('knows every operator of qlib with its arguments', () => {
      const theirs = readJson<{ name: string; arguments: string[] }[]>(join(folder, 'operators.json'));
      for (const { name, arguments: names } of theirs)
        expect(
          builtinOperators.get(name)?.parameters.map((p) => p.name),
          name,
        ).toEqual(names);
    });

    for (const { id, expr, str, ext_window } of expressions)
      it(`reads ${id} ${expr} as qlib does`, () => {
        const tree = parseExpression(expr);
        expect(treeText(tree)).toBe(str);
        const { left, right } = windowOf(tree);
        expect([left, right]).toEqual(ext_window.map(toNumber));
      });

    for (const [name, window] of Object.entries(windows))
      for (const [group, { file }] of Object.entries(window.tables)) {
        const { header, rows } = readCsv(join(folder, file));
        const chosen = header.slice(2).map((id) => expressions.find((e) => e.id === id)!);
        let computed: Promise<Panel> | undefined;
        const compute = () =>
          (computed ??= data.features({
            instruments: window.instruments,
            fields: chosen.map((e) => ({ group: null, name: e.id, expression: e.expr })),
            start: parseTime(window.start)!,
            end: parseTime(window.end)!,
          }));
        it(`has the rows of window ${name}, ${group}`, async () => {
          const { index } = await compute();
          const times = index.timeCodes();
          expect(
            Array.from(
              index.codes,
              (code, r) =>
                `${new Date(index.times[times[r]!]!).toISOString().slice(0, 10)} ${index.instruments[code]}`,
            ),
          ).toEqual(rows.map(([date, instrument]) => `${date} ${instrument}`));
        });
        chosen.forEach(({ id, expr }, c) => {
          it(`computes ${id} ${expr} in window ${name}`, async () => {
            const panel = await compute();
            const ours = panel.columns[c]!.values;
            const difference = new Difference(1e-6);
            rows.forEach((row, r) => {
              difference.add(ours[r]!, Math.fround(toNumber(row[c + 2])), () => row.slice(0, 2).join(' '));
            });
            difference.check();
          });
        });
      }

    const main = windows['main']!;
    const [first] = main.instruments;
    const load = (expr: string, start = main.start, end = main.end) =>
      data.features({
        instruments: [first!],
        fields: [{ group: null, name: expr, expression: expr }],
        start: parseTime(start)!,
        end: parseTime(end)!,
      });

    for (const [i, record] of readJson<ErrorRecord[]>(join(folder, 'errors.json')).entries()) {
      if (!('expr' in record)) continue;
      const { expr } = record;
      // qlib looks at the first value of a series that has none; here such an instrument has no rows
      const emptySeries = record.error === 'IndexError';
      if (emptySeries || (record.error === null && record.dtype === 'float32'))
        it(`computes the odd expression ${i} ${JSON.stringify(expr)}`, async () => {
          const { columns, length } = await load(expr);
          expect(length).toBe(emptySeries ? 0 : record.rows);
          if (length === 0) return;
          expect(treeText(parseExpression(expr))).toBe(record.parsed_as);
          const difference = new Difference(1e-6);
          const values = columns[0]!.values;
          record.value_first3!.forEach((theirs, r) => {
            difference.add(values[r]!, Math.fround(toNumber(theirs)), `row ${r}`);
          });
          difference.add(values.at(-1)!, Math.fround(toNumber(record.value_last)), 'last row');
          difference.check(4);
        });
      // texts as values (dtype object) are refused as well
      else
        it(`refuses ${i} ${JSON.stringify(expr)}`, async () => {
          const error = await load(expr).then(
            () => undefined,
            (e: unknown) => e,
          );
          expect(error).toBeInstanceOf(UserError);
        });
    }

    for (const [i, quirk] of readJson<Record<string, unknown>[]>(join(folder, 'quirks.json')).entries()) {
      const { expr, day, what } = quirk;
      const starts = Object.keys(quirk).filter((key) => key.startsWith('start='));
      if (typeof expr === 'string' && typeof day === 'string')
        it(`shares quirk ${i}: ${what} ${expr}`, async () => {
          const difference = new Difference(1e-6);
          for (const key of starts) {
            const panel = await load(expr, key.slice('start='.length));
            const row = panel.index.times.indexOf(parseTime(day)!);
            difference.add(panel.columns[0]!.values[row]!, Math.fround(toNumber(quirk[key])), key);
          }
          difference.check(2);
        });
      else if (typeof expr === 'string')
        it(`shares quirk ${i}: ${what}`, () => {
          expect(treeText(parseExpression(expr))).toBe(quirk['parsed_as']);
        });
      // Rolling with several functions collides in qlib's cache; each of ours is its own
      else if (Object.keys(quirk).some((key) => key.startsWith('Rolling(')))
        it(`does not share quirk ${i}: ${what}`, async () => {
          const difference = new Difference(1e-6);
          for (const [key, values] of Object.entries(quirk)) {
            const method = /^Rolling\((.*), '(max|min)'\)$/.exec(key);
            const same = method ? quirk[`${method[2] === 'max' ? 'Max' : 'Min'}(${method[1]})`] : values;
            if (!Array.isArray(same)) continue;
            const ours = (await load(key)).columns[0]!.values;
            same.forEach((value, r) => {
              difference.add(ours[r]!, Math.fround(toNumber(value)), `${key} ${r}`);
            });
          }
          difference.check(6);
        });
      else
        it(`shares quirk ${i}: ${what}`, async () => {
          const difference = new Difference(1e-6);
          for (const [key, values] of Object.entries(quirk)) {
            if (!Array.isArray(values)) continue;
            const ours = (await load(key)).columns[0]!.values;
            // these were rounded to ten digits behind the point
            values.forEach((value, r) => {
              difference.add(ours[r]!, Math.fround(toNumber(value)), `${key} ${r}`);
            });
          }
          difference.check(5);
        });
    }
  },
);
