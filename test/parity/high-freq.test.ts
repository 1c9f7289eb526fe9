import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { formatTime, parseTime } from '../../components/core/dates.ts';
import { UserError } from '../../components/core/errors.ts';
import { denseValues, type Panel } from '../../components/core/panel.ts';
import { loadOperators } from '../../components/data/expression/operator-set.ts';
import { highFreqModule, highFreqOperators } from '../../components/data/expression/ops/high-freq.ts';
import { openData } from '../../components/data/folder-provider.ts';
import { testContext } from '../components/dataset/context.ts';

interface Case {
  readonly expression: string;
  readonly start: string;
  readonly end: string;
  readonly error?: string;
  readonly rows?: readonly string[];
  readonly values?: readonly (number | string | null)[];
}

interface Frames {
  readonly expressions: readonly Case[];
  readonly selected: readonly (Required<Pick<Case, 'start' | 'end' | 'rows' | 'values'>> & {
    readonly condition: string;
  })[];
  readonly handlers: readonly {
    readonly handler: string;
    readonly kwargs: object;
    readonly columns: readonly string[];
    readonly rows: readonly string[];
    readonly values: readonly (readonly (number | string | null)[])[];
  }[];
}

const peer = process.env.PEER;
const python = peer && existsSync(join(peer, 'bin/python')) ? join(peer, 'bin/python') : undefined;

it.skipIf(!python)(
  'the operators of qlib.contrib.ops.high_freq, and handlers made of them, are those of qlib (skipped unless PEER is set, see high_freq.py)',
  async () => {
    const root = mkdtempSync(join(tmpdir(), 'high-freq-'));
    try {
      const script = new URL('./high_freq.py', import.meta.url).pathname;
      execFileSync(python!, [script, root], { stdio: 'pipe' });
      const {
        expressions: cases,
        handlers,
        selected,
      } = JSON.parse(readFileSync(join(root, 'frames.json'), 'utf8')) as Frames;
      const names = highFreqOperators.map(({ name }) => name);
      const operators = await loadOperators([{ file: highFreqModule, code: '', names }]);
      const folder = join(root, 'data');
      const data = openData({ day: folder, '1min': folder }, { operators });
      const different: string[] = [];
      for (const one of cases) {
        const problem = await difference(data, one);
        if (problem) different.push(`${one.expression} from ${one.start}: ${problem}`);
      }
      for (const { handler, kwargs, columns, rows, values } of handlers) {
        const made = await testContext(data).build('handler', { class: handler, kwargs }, []);
        const panel = await made.fetch({ start: null, end: null }, { colSet: '__raw' });
        expect(panel.columns.map(({ name }) => name)).toEqual(columns);
        expect(rowsOf(panel)).toEqual(rows);
        panel.columns.forEach((column, c) => {
          const got = denseValues(column);
          const at = values[c]!.findIndex((want, row) => !isSame(got[row]!, want));
          if (at >= 0)
            different.push(`${handler} ${column.name} ${rows[at]}: ${got[at]}, qlib has ${values[c]![at]}`);
        });
      }
      for (const { condition, start, end, rows, values } of selected) {
        const rule = { filter_type: 'ExpressionDFilter', rule_expression: condition };
        const panel = await data.features({
          instruments: { market: 'all', filter_pipe: [{ ...rule, keep: false }] },
          fields: [{ group: null, name: 'x', expression: '$close' }],
          ...{ start: parseTime(start)!, end: parseTime(end)!, freq: '1min' },
        });
        expect(rowsOf(panel)).toEqual(rows);
        expect(Array.from(panel.columns[0]!.values, (x) => (Number.isNaN(x) ? null : x))).toEqual(values);
      }
      expect(different).toEqual([]);
      console.log(
        `${handlers.length} frames of handlers and ${cases.length} of expressions alike, ${cases.filter((c) => c.error).length} refused by both`,
      );
    } finally {
      rmSync(root, { recursive: true, force: true });
    }
  },
  600_000,
);

/** What differs from qlib's frame by more than 1e-6 (relative); a case that both refuse does not differ. */
async function difference(data: ReturnType<typeof openData>, one: Case): Promise<string | null> {
  try {
    const { index, columns } = await data.features({
      instruments: ['SH600001', 'SH600003', 'SH600004'],
      fields: [{ group: null, name: 'x', expression: one.expression }],
      ...{ start: parseTime(one.start)!, end: parseTime(one.end)!, freq: '1min' },
    });
    if (one.error) return `qlib refuses it: ${one.error}`;
    const rows = rowsOf({ index });
    if (rows.join() !== one.rows!.join())
      return `${rows.length} rows, ${rows[0]} to ${rows.at(-1)}, qlib has ${one.rows!.length}, ${one.rows![0]} to ${one.rows!.at(-1)}`;
    const { values } = columns[0]!;
    const at = one.values!.findIndex((want, row) => !isSame(values[row]!, want));
    return at < 0 ? null : `${rows[at]}: ${values[at]}, qlib has ${one.values![at]}`;
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return one.error ? null : error.message;
  }
}

function rowsOf({ index }: Pick<Panel, 'index'>): string[] {
  return Array.from(
    index.timeCodes(),
    (t, row) => `${fullTime(index.times[t]!)} ${index.instruments[index.codes[row]!]}`,
  );
}

function isSame(got: number, want: number | string | null): boolean {
  if (want === null) return Number.isNaN(got);
  if (typeof want === 'string') return got === (want === 'inf' ? 1 : -1) * Number.POSITIVE_INFINITY;
  return Math.abs(got - want) <= 1e-6 * Math.max(Math.abs(want), 1e-3);
}

function fullTime(time: number): string {
  const text = formatTime(time);
  return text.length > 10 ? text : `${text} 00:00:00`;
}
