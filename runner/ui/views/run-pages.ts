import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import { post, RequestError } from '../api.ts';
import type { RunRow, RunsPage } from '../types.ts';

const size = 100;
const liveMs = 5000;

export interface RunsQuery {
  readonly experimentIds: readonly string[];
  readonly filter: string;
  readonly orderBy: string;
  readonly view: string;
}

export interface RunPages {
  /** Another one for another search. */
  readonly key: string;
  /** The row at a place, if it is here yet. */
  rowAt(at: number): RunRow | undefined;
  readonly rows: readonly RunRow[];
  readonly total: number;
  /** There may be more than `total`. */
  readonly isOpen: boolean;
  readonly error: string;
  readonly isLoading: boolean;
  /** Fetches what is missing of a range. */
  want(from: number, to: number): void;
  reload(): void;
}

/** Rows of a long list, fetched as they come into sight and again every few seconds while runs are running. */
export function useRunPages(query: RunsQuery): RunPages {
  const key = JSON.stringify(query);
  const pages = useRef(new Map<number, RunsPage>());
  const pending = useRef(new Set<string>());
  const seen = useRef<[number, number]>([0, 50]);
  const current = useRef(key);
  if (current.current !== key) {
    // Before anything is asked of it: rows of another search are no rows of this one.
    current.current = key;
    pages.current = new Map();
    seen.current = [0, 50];
  }
  const [error, setError] = useState('');
  const [, redraw] = useState(0);
  const fetchPage = useCallback(
    async (page: number) => {
      const mark = `${key} ${page}`;
      if (pending.current.has(mark)) return;
      pending.current.add(mark);
      try {
        const { experimentIds, filter, orderBy, view } = JSON.parse(key) as RunsQuery;
        const found = await post<RunsPage>('runs/search', {
          experiment_ids: experimentIds,
          filter,
          order_by: orderBy === '' ? [] : [orderBy],
          run_view_type: view,
          offset: page * size,
          limit: size,
        });
        if (current.current !== key) return;
        pages.current.set(page, found);
        setError('');
      } catch (problem) {
        if (current.current === key)
          setError(problem instanceof RequestError ? problem.message : 'the server does not answer');
      } finally {
        pending.current.delete(mark);
        redraw((n) => n + 1);
      }
    },
    [key],
  );
  const want = useCallback(
    (from: number, to: number) => {
      seen.current = [from, to];
      for (let page = Math.floor(from / size); page <= Math.floor(to / size); page++)
        if (!pages.current.has(page)) void fetchPage(page);
    },
    [fetchPage],
  );
  const refresh = useCallback(() => {
    const [from, to] = seen.current;
    for (let page = Math.floor(from / size); page <= Math.floor(to / size); page++) void fetchPage(page);
  }, [fetchPage]);
  useEffect(() => {
    void fetchPage(0);
    const timer = setInterval(() => {
      if (document.visibilityState === 'visible') refresh();
    }, liveMs);
    return () => clearInterval(timer);
  }, [key, fetchPage, refresh]);

  const all = [...pages.current].sort(([a], [b]) => a - b);
  const last = all.at(-1);
  const known = last ? last[0] * size + last[1].runs.length : 0;
  const exact = last?.[1].total ?? all.find(([, page]) => page.total !== null)?.[1].total ?? null;
  const isOpen = exact === null && last?.[1].more === true;
  return {
    key,
    rowAt: (at) => pages.current.get(Math.floor(at / size))?.runs[at % size],
    rows: all.flatMap(([, page]) => page.runs),
    total: exact ?? known + (isOpen ? size : 0),
    isOpen,
    error,
    isLoading: last === undefined && error === '',
    want,
    reload: () => {
      pages.current = new Map();
      refresh();
    },
  };
}
