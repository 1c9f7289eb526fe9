import { describe, expect, it } from 'vitest';
import { join } from 'node:path';
import { existsSync } from 'node:fs';
import { parseTime } from '../../components/core/dates.ts';
import { UserError } from '../../components/core/errors.ts';
import type { Panel } from '../../components/core/panel.ts';
import { parseExpression } from '../../components/data/expression/parse.ts';
import { treeText, windowOf } from '../../components/data/expression/tree.ts';
import { openData } from '../../components/data/folder-provider.ts';
import { builtinOperators } from '../../components/data/expression/ops/index.ts';
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

const root = goldensRoot();
const folder = root ? join(root, 'data', 'ops') : '';
const provider = goldensData();

describe.skipIf(!root || !provider || !existsSync(folder))('operators against qlib (skipped without goldens)', () => {
  const data = openData(provider!);
  const expressions = readJson<Expression[]>(join(folder, 'expressions.json'));
  const windows = readJson<Record<string, Window>>(join(folder, 'windows.json'));

  it('knows every operator of qlib with its arguments', () => {
    const theirs = readJson<{ name: string; arguments: string[] }[]>(join(folder, 'operators.json'));
    for (const { name, arguments: names } of theirs)
      expect(builtinOperators.get(name)?.parameters.map((p) => p.name), name).toEqual(names);
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
        expect(Array.from(index.codes, (code, r) => `${new Date(index.times[times[r]!]!).toISOString().slice(0, 10)} ${index.instruments[code]}`)).toEqual(
          rows.map(([date, instrument]) => `${date} ${instrument}`),
        );
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
  void UserError;
});
