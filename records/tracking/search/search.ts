import type { SearchOptions } from '../store.ts';
import type { ExperimentInfo, Page } from '../types.ts';
import { compileFilter, type KeyReader } from './evaluate.ts';
import { experimentGrammar, type Grammar, runGrammar } from './grammar.ts';
import { checkMaxResults, pageOf } from './page.ts';
import { parseFilter } from './parse-filter.ts';
import { parseOrder } from './parse-order.ts';
import { sortBy } from './sort.ts';
import {
  experimentValue,
  newestExperimentFirst,
  newestRunFirst,
  runValue,
  type SearchableRun,
} from './values.ts';

/** Filters, sorts and cuts what `all` gives, in memory. Mistakes in the options are told before anything is read. */
function search<T>(
  all: () => readonly T[],
  { filter = '', orderBy = [], maxResults = 1000, pageToken }: SearchOptions,
  grammar: Grammar,
  readKey: KeyReader<T>,
  fallback: (a: T, b: T) => number,
): Page<T> {
  checkMaxResults(maxResults);
  const matches = compileFilter(parseFilter(filter, grammar), readKey);
  const orders = orderBy.map((text) => parseOrder(text, grammar));
  return pageOf(sortBy(all().filter(matches), orders, readKey, fallback), maxResults, pageToken);
}

/** Only what filter and order need is read of a run; the caller reads the runs of the page. */
export function searchRuns<T extends SearchableRun>(
  all: () => readonly T[],
  options: SearchOptions,
): Page<T> {
  return search(all, options, runGrammar, runValue, newestRunFirst);
}

export function searchExperiments(
  all: () => readonly ExperimentInfo[],
  options: SearchOptions,
): Page<ExperimentInfo> {
  return search(all, options, experimentGrammar, experimentValue, newestExperimentFirst);
}
