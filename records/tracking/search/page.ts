import { invalid } from '../errors.ts';
import type { Page } from '../types.ts';

const mostResults = 50_000;

/** @throws TrackingError outside 1 .. 50000, MLflow's bounds. */
export function checkMaxResults(maxResults: number): void {
  if (!Number.isInteger(maxResults) || maxResults < 1 || maxResults > mostResults)
    throw invalid(`max_results is ${maxResults}`, `a whole number from 1 to ${mostResults} is allowed`);
}

/** Cuts a page out of all results. The token is MLflow's: base64 of `{"offset": n}`. */
export function pageOf<T>(items: readonly T[], maxResults: number, token: string | undefined): Page<T> {
  const from = offsetOf(token);
  const to = from + maxResults;
  return { items: items.slice(from, to), nextPageToken: to < items.length ? tokenOf(to) : null };
}

export function tokenOf(offset: number): string {
  return Buffer.from(JSON.stringify({ offset })).toString('base64');
}

export function offsetOf(token: string | undefined): number {
  if (!token) return 0;
  try {
    const { offset } = JSON.parse(Buffer.from(token, 'base64').toString('utf8')) as { offset?: unknown };
    if (typeof offset === 'number' && Number.isInteger(offset) && offset >= 0) return offset;
  } catch {
    // Told below.
  }
  throw invalid(`invalid page token ${JSON.stringify(token.slice(0, 100))}`, 'take it from the page before');
}
