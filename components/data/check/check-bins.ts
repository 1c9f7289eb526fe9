import { formatTime } from '../../core/dates.ts';
import { UserError } from '../../core/errors.ts';
import { type Bin, type BinFolder, readBin } from '../bins.ts';
import type { Finding } from './finding.ts';

export interface CheckLimits {
  /** Relative change of a price in a day that is told of; qlib's default is 0.5. */
  readonly priceJump: number;
  /** Relative change of a volume; qlib's default is 3. */
  readonly volumeJump: number;
  /** Days without a value that are nothing to tell. */
  readonly missing: number;
}

export const defaultLimits: CheckLimits = { priceJump: 0.5, volumeJump: 3, missing: 0 };

const prices = ['open', 'high', 'low', 'close'];
const required = [...prices, 'volume'];
/** Room for the rounding of float32 after an adjustment. */
const slack = 1e-4;

type Add = (kind: string, level: Finding['level'], field: string, text: string) => void;

/** What is odd about the values of one instrument: qlib's `check_data_health` and more. */
export function checkBins(
  instrument: string,
  bins: BinFolder,
  times: Float64Array,
  limits: CheckLimits,
): Finding[] {
  const findings: Finding[] = [];
  const add: Add = (kind, level, field, text) =>
    void findings.push({ kind, level, where: field === '' ? instrument : `${instrument} $${field}`, text });
  const names = bins.fields(instrument);
  const found = new Map<string, { bin: Bin; values: Float32Array }>();
  for (const field of names) {
    try {
      const bin = bins.find(instrument, field);
      if (!bin) continue;
      const values = new Float32Array(bin.length);
      readBin(bin, bin.start, values);
      found.set(field, { bin, values });
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      add('broken bin', 'error', field, error.problem);
    }
  }
  const missing = required.filter((field) => !names.includes(field));
  if (missing.length > 0) add('field missing', 'warning', '', `no ${missing.join(', ')}`);
  const factor = found.get('factor')?.values;
  if (!factor || factor.every(Number.isNaN))
    add('factor missing', 'warning', '', factor ? 'the factor is NaN on all days' : 'no factor');
  checkAlignment(found, times, add);
  const dayOf = (bin: Bin, i: number) => formatTime(times[bin.start + i]!);
  for (const [field, { bin, values }] of found) {
    checkMissing(field, values, (i) => dayOf(bin, i), limits, add);
    if (prices.includes(field) || field === 'volume')
      checkChanges(field, values, field === 'close' ? factor : undefined, (i) => dayOf(bin, i), limits, add);
  }
  checkBars(found, dayOf, add);
  return findings;
}

function checkAlignment(found: ReadonlyMap<string, { bin: Bin }>, times: Float64Array, add: Add): void {
  const byDays = new Map<string, string[]>();
  for (const [field, { bin }] of found) {
    const days =
      bin.length === 0
        ? 'no day'
        : `${formatTime(times[bin.start]!)} to ${formatTime(times[bin.start + bin.length - 1]!)}`;
    byDays.set(days, [...(byDays.get(days) ?? []), field]);
  }
  if (byDays.size > 1)
    add(
      'misaligned',
      'warning',
      '',
      [...byDays].map(([days, fields]) => `${fields.join(', ')}: ${days}`).join('; '),
    );
}

function checkMissing(
  field: string,
  values: Float32Array,
  dayOf: (i: number) => string,
  { missing }: CheckLimits,
  add: Add,
): void {
  let count = 0;
  let infinite = 0;
  let first = -1;
  let run = 0;
  let longest = 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (Number.isNaN(value)) {
      if (first < 0) first = i;
      count++;
      longest = Math.max(longest, ++run);
    } else {
      run = 0;
      if (!Number.isFinite(value)) infinite++;
    }
  }
  if (infinite > 0) add('infinite value', 'error', field, `${infinite} values`);
  // the first change has no day before it
  if (field === 'change' && first === 0) count--;
  if (field !== 'factor' && values.length > 0 && longest === values.length)
    add('no values', 'warning', field, `NaN on all ${values.length} days`);
  else if (field !== 'factor' && count > missing)
    add('missing values', 'warning', field, `${count} days, ${longest} in a row, from ${dayOf(first)} on`);
}

function checkChanges(
  field: string,
  values: Float32Array,
  factor: Float32Array | undefined,
  dayOf: (i: number) => string,
  { priceJump, volumeJump }: CheckLimits,
  add: Add,
): void {
  const isPrice = field !== 'volume';
  const limit = isPrice ? priceJump : volumeJump;
  let jumps = 0;
  let worst = 0;
  let worstAt = 0;
  let low = 0;
  let lowAt = -1;
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (isPrice ? value <= 0 : value < 0) {
      low++;
      if (lowAt < 0) lowAt = i;
    }
    if (i === 0) continue;
    const before = values[i - 1]!;
    const change = Math.abs(value / before - 1);
    if (change > limit && before !== 0) {
      jumps++;
      if (change > worst) [worst, worstAt] = [change, i];
    }
    const ratio = Math.max(value, before) / Math.min(value, before);
    if (factor && isSplitRatio(ratio) && factor[i] === factor[i - 1])
      add(
        'split without factor',
        'warning',
        field,
        `${dayOf(i)}: ${before} to ${value}, 1:${Math.round(ratio)}`,
      );
  }
  if (low > 0)
    add(
      isPrice ? 'zero or negative price' : 'negative volume',
      'error',
      field,
      `${low} days, the first ${dayOf(lowAt)}: ${values[lowAt]}`,
    );
  if (jumps > 0)
    add(
      isPrice ? 'price jump' : 'volume jump',
      'warning',
      field,
      `${jumps} days, the largest ${dayOf(worstAt)}: ${values[worstAt - 1]} to ${values[worstAt]}`,
    );
}

/** Near a whole number from 2 on, as splits are and other jumps rarely. */
function isSplitRatio(ratio: number): boolean {
  const whole = Math.round(ratio);
  return whole >= 2 && whole <= 100 && Math.abs(ratio / whole - 1) < 0.02;
}

function checkBars(
  found: ReadonlyMap<string, { bin: Bin; values: Float32Array }>,
  dayOf: (bin: Bin, i: number) => string,
  add: Add,
): void {
  const [open, high, low, close, volume] = required.map((field) => found.get(field));
  if (!open || !high || !low || !close || !volume) return;
  const { bin } = close;
  const all = [open, high, low, close, volume];
  if (all.some((f) => f.bin.start !== bin.start || f.bin.length !== bin.length)) return;
  let odd = 0;
  let oddAt = -1;
  let repeated = 0;
  let repeatedAt = -1;
  for (let i = 0; i < bin.length; i++) {
    const [h, l] = [high.values[i]!, low.values[i]!];
    const top = Math.max(open.values[i]!, close.values[i]!);
    const bottom = Math.min(open.values[i]!, close.values[i]!);
    if (h < l * (1 - slack) || top > h * (1 + slack) || bottom < l * (1 - slack)) {
      odd++;
      if (oddAt < 0) oddAt = i;
    }
    if (i > 0 && volume.values[i]! > 0 && all.every((f) => f.values[i] === f.values[i - 1])) {
      repeated++;
      if (repeatedAt < 0) repeatedAt = i;
    }
  }
  if (odd > 0)
    add(
      'high below low',
      'warning',
      '',
      `${odd} days, the first ${dayOf(bin, oddAt)}: open ${open.values[oddAt]} high ${high.values[oddAt]} low ${low.values[oddAt]} close ${close.values[oddAt]}`,
    );
  if (repeated > 0)
    add('repeated day', 'warning', '', `${repeated} days, the first ${dayOf(bin, repeatedAt)}`);
}
