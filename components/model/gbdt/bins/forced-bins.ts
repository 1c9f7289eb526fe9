import { readFileSync } from 'node:fs';
import { UserError } from '../../../core/errors.ts';
import { zeroThreshold } from '../constants.ts';
import { greedyBins } from './greedy-bins.ts';

/**
 * Bounds that bins must have, by column, from LightGBM's file of `forcedbins_filename`: `[{"feature": 0, "bin_upper_bound": [0.3, 0.7]}]`. Those of
 * categorical columns count for nothing. @throws UserError where the file is not so.
 */
export function readForcedBins(
  file: string,
  columns: number,
  categorical: readonly number[],
): number[][] | null {
  if (file === '') return null;
  const wrong = (problem: string, cause?: unknown) =>
    new UserError(`${file}: ${problem}`, {
      hint: 'it must hold [{"feature": number of a column, "bin_upper_bound": [numbers]}, ...]',
      path: ['forcedbins_filename'],
      cause,
    });
  const bounds = Array.from({ length: columns }, () => [] as number[]);
  const list = parseFile(file, wrong);
  if (!Array.isArray(list)) throw wrong('no list');
  for (const { feature, bin_upper_bound: given } of list) {
    if (!Number.isInteger(feature) || !bounds[feature]) throw wrong(`no feature ${feature} of ${columns}`);
    if (!Array.isArray(given) || !given.every(Number.isFinite))
      throw wrong(`feature ${feature} has no numbers`);
    if (!categorical.includes(feature)) bounds[feature].push(...given);
  }
  return bounds.map((own) => own.filter((x, i) => x !== own[i - 1]));
}

/** The JSON of a file. */
export function parseFile(file: string, wrong: (problem: string, cause: unknown) => UserError): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (cause) {
    throw wrong((cause as Error).message, cause);
  }
}

/** Upper bounds with the forced ones among them; the other bins go where most rows are. LightGBM `FindBinWithPredefinedBin` (src/io/bin.cpp). */
export function binsAroundForced(
  values: Float64Array,
  counts: Float64Array,
  maxBin: number,
  total: number,
  minDataInBin: number,
  forced: readonly number[],
): number[] {
  const negative = values.some((x) => x <= -zeroThreshold);
  const positive = values.some((x) => x > zeroThreshold);
  const bounds: number[] = [];
  if (maxBin === 2) bounds.push(negative ? -zeroThreshold : zeroThreshold);
  else if (maxBin > 2) {
    if (negative) bounds.push(-zeroThreshold);
    if (positive) bounds.push(zeroThreshold);
  }
  bounds.push(Number.POSITIVE_INFINITY);
  const room = Math.max(0, maxBin - bounds.length);
  bounds.push(...forced.filter((x) => Math.abs(x) > zeroThreshold).slice(0, room));
  bounds.sort((a, b) => a - b);
  const free = maxBin - bounds.length;
  const added: number[] = [];
  let from = 0;
  for (const [i, bound] of bounds.entries()) {
    let to = from;
    let rows = 0;
    while (to < values.length && values[to]! < bound) rows += counts[to++]!;
    const left = free - added.length;
    const share = Math.min(Math.round((rows * free) / total), left);
    const wanted = (i === bounds.length - 1 ? left : share) + 1;
    const own = greedyBins(values.subarray(from, to), counts.subarray(from, to), wanted, rows, minDataInBin);
    added.push(...own.slice(0, -1));
    from = to;
  }
  return [...bounds, ...added].sort((a, b) => a - b);
}
