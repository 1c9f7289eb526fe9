import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { readCsvFile } from '../../backtest/signal-file.ts';
import { isTable } from '../../backtest/signal-table.ts';
import type { Context } from '../../core/context.ts';
import { formatTime, type Time } from '../../core/dates.ts';
import { UserError } from '../../core/errors.ts';
import type { Matrix } from './cholesky.ts';

/** Names of the files of a day's risk model. */
export interface RiskFiles {
  readonly factor_exp?: string;
  readonly factor_cov?: string;
  readonly specific_risk?: string;
  readonly blacklist?: string;
}

/** A risk model of a day, by instrument. */
export interface RiskData {
  readonly universe: readonly string[];
  readonly exposure: Matrix;
  readonly factorCovariance: Matrix;
  readonly residualVariance: Float64Array;
  readonly blacklist: ReadonlySet<string>;
}

interface Frame {
  readonly labels: readonly string[];
  readonly rows: Matrix;
}

/**
 * Reads a day's risk model from `root/YYYYMMDD/`: factor exposure (instruments by factors), factor covariance,
 * specific risk (a deviation; instruments that lack it get the largest) and, if there is one, a list of
 * instruments to be sold. `.csv` with the labels in the first column, or what the runner can read; a `.pkl`
 * that is not there is looked for as `.csv`. Undefined for a day without a folder.
 * @throws UserError for files that are missing or can't be read
 */
export async function readRiskData(
  context: Context,
  root: string,
  day: Time,
  names: RiskFiles,
): Promise<RiskData | undefined> {
  const folder = join(root, formatTime(day).slice(0, 10).replaceAll('-', ''));
  if (!existsSync(folder)) return undefined;
  const read = (key: keyof RiskFiles) => readFrame(context, folder, names[key] ?? `${key}.pkl`);
  const [exposure, covariance, risk] = await Promise.all([
    read('factor_exp'),
    read('factor_cov'),
    read('specific_risk'),
  ]);
  const found = blacklistFile(folder, names.blacklist ?? 'blacklist.pkl');
  const blacklist = found ? await readFrame(context, folder, found) : undefined;
  const riskOf = new Map(risk.labels.map((name, i) => [name, risk.rows[i]![0]!]));
  const most = Math.max(...riskOf.values());
  return {
    universe: exposure.labels,
    exposure: exposure.rows,
    factorCovariance: covariance.rows,
    residualVariance: Float64Array.from(exposure.labels, (name) => (riskOf.get(name) ?? most) ** 2),
    blacklist: new Set(blacklist?.labels),
  };
}

function blacklistFile(folder: string, name: string): string | undefined {
  return [name, name.replace(/\.pkl$/, '.csv')].find((file) => existsSync(join(folder, file)));
}

async function readFrame({ loadFile }: Context, folder: string, name: string): Promise<Frame> {
  const file =
    [name, name.replace(/\.pkl$/, '.csv')].map((n) => join(folder, n)).find(existsSync) ?? join(folder, name);
  if (file.endsWith('.csv')) {
    const { rows } = await readCsvFile(file, ['riskmodel_root']);
    return {
      labels: rows.map((row) => row[0]!),
      rows: rows.map((row) => Float64Array.from(row.slice(1), Number)),
    };
  }
  const table = loadFile ? await loadFile(file) : undefined;
  if (!isTable(table))
    throw new UserError(`${file} can't be read as a table`, {
      hint: 'a .csv file whose first column names the instruments works everywhere',
      path: ['riskmodel_root'],
    });
  const [level] = table.index;
  const names = Array.from((level?.values ?? []) as ArrayLike<unknown>, String);
  const labels = level?.codes ? Array.from(level.codes, (code) => names[code] ?? '') : names;
  const columns = table.kind === 'frame' ? table.columns.map((c) => c.values) : [table.values];
  return { labels, rows: labels.map((_, i) => Float64Array.from(columns, (values) => Number(values[i]))) };
}
