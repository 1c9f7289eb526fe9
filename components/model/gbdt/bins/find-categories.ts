import { missingNaN, missingNone, sparseThreshold } from '../constants.ts';
import type { BinMapper } from './bin-mapper.ts';
import { distinct } from './distinct.ts';
import type { BinRules, ColumnSample } from './find-bins.ts';

/**
 * Bins of a categorical feature from a sample of its values: the most frequent categories first, until they make up 99% of the rows and
 * `maxBin` is reached, or a category has fewer than `minDataInBin` rows. Bin 0 is for all else. Source: LightGBM `BinMapper::FindBin`.
 */
export function findCategories(sample: ColumnSample, rules: BinRules): BinMapper {
  const { sorted, nanRows, rows, space } = sample;
  const ofNaN = rules.useMissing && !rules.zeroAsMissing && nanRows > 0;
  const { values, counts } = distinct(sorted, rows - sorted.length - (ofNaN ? nanRows : 0), space);
  let missingRows = ofNaN ? nanRows : 0;
  const found: { category: number; count: number }[] = [];
  for (let i = 0; i < values.length; i++) {
    const category = Math.trunc(values[i]!);
    const last = found.at(-1);
    if (category < 0 || category >= 2 ** 31) missingRows += counts[i]!;
    else if (last && last.category === category) last.count += counts[i]!;
    else found.push({ category: Math.abs(category), count: counts[i]! });
  }
  const mapper: BinMapper = {
    kind: 'categorical',
    bins: 1,
    upperBounds: new Float64Array(0),
    categories: Int32Array.of(-1),
    missing: missingNone,
    defaultBin: 0,
    mostFrequentBin: 0,
    trivial: true,
    min: values[0]!,
    max: values.at(-1)!,
  };
  if (rows - missingRows <= 0) return mapper;
  found.sort((a, b) => b.count - a.count);
  const enough = Math.trunc((rows - missingRows) * Math.fround(0.99) + 0.5);
  const most = Math.min(found.length + Number(missingRows > 0), rules.maxBin);
  const categories = [-1];
  const inBin = [0];
  let binned = 0;
  for (const [i, { category, count }] of found.entries()) {
    if (!(binned < enough || categories.length < most)) break;
    if (count < rules.minDataInBin && i > 1) break;
    categories.push(category);
    inBin.push(count);
    binned += count;
  }
  inBin[0] = rows - binned;
  const bins = categories.length;
  const complete = bins - 1 === found.length && missingRows === 0;
  const trivial = bins <= 1 || (rules.minSplitRows !== null && !splittable(inBin, rows, rules.minSplitRows));
  const named: BinMapper = {
    ...mapper,
    bins,
    categories: Int32Array.from(categories),
    missing: complete ? missingNone : missingNaN,
    trivial,
  };
  if (trivial) return named;
  const defaultBin = Math.max(0, categories.indexOf(0));
  let mostFrequentBin = inBin.indexOf(Math.max(...inBin));
  if (mostFrequentBin !== defaultBin && inBin[mostFrequentBin]! / rows < sparseThreshold)
    mostFrequentBin = defaultBin;
  return { ...named, defaultBin, mostFrequentBin };
}

function splittable(inBin: readonly number[], rows: number, least: number): boolean {
  return inBin.length > 2 || (inBin[0]! >= least && rows - inBin[0]! >= least);
}
