import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { packageRoot } from '../../components/core/package-root.ts';

/** The tree of golden results: GOLDENS, or `../shared/goldens` beside the repository. Undefined where there is none. */
export function goldensRoot(): string | undefined {
  const folder = process.env['GOLDENS'] || join(packageRoot(), '..', 'shared', 'goldens');
  return existsSync(join(folder, 'data')) || existsSync(join(folder, 'backtest')) ? folder : undefined;
}

/** The qlib data folder the goldens were made from: GOLDENS_DATA, or `../shared/sp500/qlib`. */
export function goldensData(): string | undefined {
  const folder = process.env['GOLDENS_DATA'] || join(packageRoot(), '..', 'shared', 'sp500', 'qlib');
  return existsSync(join(folder, 'calendars')) ? folder : undefined;
}

/** Python's JSON: NaN and infinities as `null`, `"inf"`, `"NaN"`, `"Infinity"` stay as they are; see `toNumber`. */
export function readJson<T>(path: string): T {
  const bytes = readFileSync(path);
  return JSON.parse((path.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8')) as T;
}

/** A number as the golden files write it: empty or null is NaN. */
export function toNumber(cell: unknown): number {
  if (typeof cell === 'number') return cell;
  if (cell === null || cell === undefined || cell === '' || cell === 'NaN' || cell === 'nan')
    return Number.NaN;
  if (cell === 'inf' || cell === 'Infinity') return Number.POSITIVE_INFINITY;
  if (cell === '-inf' || cell === '-Infinity') return Number.NEGATIVE_INFINITY;
  if (cell === 'True') return 1;
  if (cell === 'False') return 0;
  return Number(cell);
}

/** A CSV file, gzipped or not, as text cells. Quoted cells (expressions with commas) are understood. */
export function readCsv(path: string): { header: string[]; rows: string[][] } {
  const bytes = readFileSync(path);
  const text = (path.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8');
  const lines: string[][] = [];
  let row: string[] = [];
  let cell = '';
  let quoted = false;
  for (let i = 0; i < text.length; i++) {
    const c = text[i]!;
    if (quoted) {
      if (c !== '"') cell += c;
      else if (text[i + 1] === '"') cell += text[++i];
      else quoted = false;
    } else if (c === '"') quoted = true;
    else if (c === ',' || c === '\n') {
      row.push(cell.endsWith('\r') ? cell.slice(0, -1) : cell);
      cell = '';
      if (c === '\n') {
        lines.push(row);
        row = [];
      }
    } else cell += c;
  }
  if (cell !== '' || row.length > 0) lines.push([...row, cell]);
  const [header = [], ...rows] = lines;
  return { header, rows };
}

/** The worst difference seen in one case, and where. */
export class Difference {
  worst = 0;
  where = '';
  count = 0;

  constructor(
    readonly relative: number,
    readonly absolute: number = 0,
  ) {}

  /** Compares one figure; NaN equals NaN, infinities equal themselves. The excess is in units of the tolerance. */
  add(ours: number, theirs: number, where: string | (() => string)): void {
    this.count++;
    let excess: number;
    if (Number.isNaN(theirs) || Number.isNaN(ours))
      excess = Number.isNaN(theirs) && Number.isNaN(ours) ? 0 : Number.POSITIVE_INFINITY;
    else if (ours === theirs) excess = 0;
    else excess = Math.abs(ours - theirs) / (this.absolute + this.relative * Math.abs(theirs));
    if (Number.isNaN(excess)) excess = Number.POSITIVE_INFINITY;
    if (excess > this.worst) {
      this.worst = excess;
      this.where = `${typeof where === 'function' ? where() : where}: ours ${ours}, qlib ${theirs}`;
    }
  }

  /** Throws with the worst difference when any figure is outside the tolerance, or when nothing was compared. */
  check(least = 1): void {
    if (this.count < least)
      throw new Error(`only ${this.count} figures compared, at least ${least} expected`);
    if (this.worst > 1)
      throw new Error(
        `worst difference ${this.worst.toPrecision(3)} x tolerance (rel ${this.relative}, abs ${this.absolute}) at ${this.where}`,
      );
  }
}
