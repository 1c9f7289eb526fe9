import { useCallback, useEffect, useRef, useState } from 'preact/hooks';

/** What the server refused, in its words. */
export class RequestError extends Error {
  override readonly name = 'RequestError';
  constructor(
    message: string,
    readonly code: string,
  ) {
    super(message);
  }
}

async function answerOf<T>(response: Response): Promise<T> {
  const text = await response.text();
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    body = {};
  }
  if (response.ok) return body as T;
  const { message, error_code: code } = body as { message?: string; error_code?: string };
  throw new RequestError(message ?? `the server answered ${response.status}`, code ?? '');
}

const own = 'api/qrun/';
const mlflow = 'ajax-api/2.0/mlflow/';

export async function get<T>(path: string, query: Readonly<Record<string, string>> = {}): Promise<T> {
  const search = new URLSearchParams(query).toString();
  return answerOf(await fetch(`${own}${path}${search && `?${search}`}`));
}

export async function getMlflow<T>(path: string, query: Readonly<Record<string, string>>): Promise<T> {
  return answerOf(await fetch(`${mlflow}${path}?${new URLSearchParams(query)}`));
}

async function send<T>(url: string, body: unknown): Promise<T> {
  const headers = { 'content-type': 'application/json' };
  return answerOf(await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) }));
}

export const post = <T>(path: string, body: unknown): Promise<T> => send(own + path, body);
/** MLflow's own calls: everything that changes something. */
export const postMlflow = <T>(path: string, body: unknown): Promise<T> => send(mlflow + path, body);

export const fileUrl = (runId: string, path: string, kind: 'view' | 'file' | 'zip' = 'file'): string =>
  `${own}runs/${encodeURIComponent(runId)}/${kind}?${new URLSearchParams({ path })}`;

export interface Loaded<T> {
  readonly value: T | undefined;
  readonly error: Error | undefined;
  readonly isLoading: boolean;
  reload(): void;
}

/** Loads when `key` changes and when asked to; while it loads, the value of before stays. */
export function useLoaded<T>(key: string, load: () => Promise<T>, everyMs?: number): Loaded<T> {
  const [state, setState] = useState<{ key: string; value?: T; error?: Error; isLoading: boolean }>({
    key,
    isLoading: true,
  });
  const latest = useRef(load);
  latest.current = load;
  const asked = useRef(0);
  const run = useCallback(async () => {
    const mine = ++asked.current;
    try {
      const value = await latest.current();
      if (mine === asked.current) setState({ key, value, isLoading: false });
    } catch (error) {
      if (mine === asked.current)
        setState((old) => ({
          ...old,
          key,
          error: error instanceof Error ? error : new Error(String(error)),
          isLoading: false,
        }));
    }
  }, [key]);
  useEffect(() => {
    setState((old) => (old.key === key ? { ...old, isLoading: true } : { key, isLoading: true }));
    void run();
    if (everyMs === undefined) return;
    const timer = setInterval(() => {
      if (document.visibilityState === 'visible') void run();
    }, everyMs);
    return () => clearInterval(timer);
  }, [key, everyMs, run]);
  const isOld = state.key !== key;
  return {
    value: isOld ? undefined : state.value,
    error: isOld ? undefined : state.error,
    isLoading: state.isLoading,
    reload: () => void run(),
  };
}
