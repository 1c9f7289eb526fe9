import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { rowCount, type Table } from '../../components/core/table.ts';
import { pprint } from '../../records/codec/format/pprint.ts';
import { readPickle } from '../../records/pickle/reader.ts';
import { goldensRoot, readJson } from './support.ts';

const root = goldensRoot();
const records = root ? join(root, 'backtest', 'records') : '';
const scenarios =
  records && existsSync(records)
    ? readdirSync(records).filter((s) => existsSync(join(records, s, 'stdout.txt')))
    : [];

function rowsOf({ index, columns, ...rest }: Table, from: number, to: number, levels: number): Table {
  return {
    ...rest,
    index: index.slice(-levels).map((l) => ({
      ...l,
      values: l.codes ? l.values : l.values.slice(from, to),
      codes: l.codes ? l.codes.slice(from, to) : null,
    })),
    columns: columns.map((c) => ({ ...c, values: c.values.slice(from, to) })),
  };
}

/** The tables that qlib's records print of what they save: each part of an analysis, all indicators, the head of a prediction. */
function printedParts(name: string, table: Table): Table[] {
  if (name === 'pred.pkl') return [rowsOf(table, 0, 5, 2)];
  if (/^(indicator_analysis|multi_pass_port_analysis)/.test(name)) return [table];
  const [parts] = table.index;
  const starts = Array.from(parts!.codes!).flatMap((c, r, all) => (c === all[r - 1] ? [] : [r]));
  return starts.map((from, k) => rowsOf(table, from, starts[k + 1] ?? rowCount(table), 1));
}

/** Texts that the scenario's standard output must hold, made from its pickles and metrics. */
function expectedTexts(scenario: string, stdout: string): string[] {
  const folder = join(records, scenario);
  const pickles = join(folder, 'pickles');
  const files = existsSync(pickles) ? readdirSync(pickles, { recursive: true, encoding: 'utf8' }) : [];
  const texts: string[] = [];
  for (const file of files) {
    const name = file.split('/').pop()!;
    const [, freq] = /^(?:port|indicator)_analysis_(\w+)\.pkl$/.exec(name) ?? [];
    const printed =
      (name === 'pred.pkl' && stdout.includes('prediction results')) ||
      name.startsWith('multi_pass_port_analysis') ||
      (freq !== undefined && stdout.includes(`(${freq}).`));
    if (printed)
      for (const part of printedParts(name, readPickle(readFileSync(join(pickles, file))) as Table))
        texts.push(`${pprint(part)}\n`);
  }
  const dict = /^\{'IC'[^}]*\}$/m.exec(stdout)?.[0];
  // metrics that are float32 in Python are printed with fewer digits than the file has
  if (dict && !/\d\.\d{5,10},?$/m.test(dict)) {
    const { metrics } = readJson<{ metrics: Record<string, number> }>(join(folder, 'result.json'));
    const keys = [...dict.matchAll(/'([^']+)':/g)].map((m) => m[1]!);
    texts.push(`${pprint(Object.fromEntries(keys.map((k) => [k, metrics[k]])))}\n`);
  }
  return texts;
}

describe.skipIf(scenarios.length === 0)(
  'tables as qlib printed them (skipped without the golden tree)',
  () => {
    for (const scenario of scenarios) {
      const stdout = readFileSync(join(records, scenario, 'stdout.txt'), 'utf8');
      const texts = expectedTexts(scenario, stdout);
      // other scenarios print the same things, or keep no pickles to print from
      if (texts.length === 0) continue;
      it(`${scenario}: ${texts.length} texts`, () => {
        for (const text of texts) expect(stdout).toContain(text);
      });
    }
  },
);
