import { setTimeout as sleep } from 'node:timers/promises';
import { UserError } from '../../../components/core/errors.ts';
import { TrackingError, type TrackingErrorCode } from '../errors.ts';

/** How a client makes itself known: user and password, or a token. */
export interface Credentials {
  readonly username?: string | undefined;
  readonly password?: string | undefined;
  readonly token?: string | undefined;
}

/** MLflow's variables. */
export function credentialsOf(env: Readonly<Record<string, string | undefined>>): Credentials {
  return {
    username: env['MLFLOW_TRACKING_USERNAME'],
    password: env['MLFLOW_TRACKING_PASSWORD'],
    token: env['MLFLOW_TRACKING_TOKEN'],
  };
}

type Json = Readonly<Record<string, unknown>>;

const api = '/api/2.0/mlflow/';
const artifactApi = '/api/2.0/mlflow-artifacts/artifacts';
const patience = 120_000;
/** Answers after which the same call may succeed. */
const passing = new Set([429, 502, 503, 504]);
const waits = [100, 400, 1600];

const codes: Readonly<Record<string, TrackingErrorCode>> = {
  RESOURCE_DOES_NOT_EXIST: 'RESOURCE_DOES_NOT_EXIST',
  NOT_FOUND: 'RESOURCE_DOES_NOT_EXIST',
  RESOURCE_ALREADY_EXISTS: 'RESOURCE_ALREADY_EXISTS',
  ALREADY_EXISTS: 'RESOURCE_ALREADY_EXISTS',
  INVALID_STATE: 'INVALID_STATE',
};

/** Calls of MLflow's REST API. */
export class RestClient {
  readonly #headers: Readonly<Record<string, string>>;

  /** `base` is `http://host:port`, perhaps with a path; a user and password in it count as credentials. */
  constructor(
    readonly base: string,
    { username, password, token }: Credentials,
  ) {
    const url = parse(base);
    const user = url.username ? decodeURIComponent(url.username) : username;
    const secret = url.username ? decodeURIComponent(url.password) : password;
    url.username = '';
    url.password = '';
    this.base = url.href.replace(/\/+$/, '');
    const basic = user ? `Basic ${Buffer.from(`${user}:${secret ?? ''}`).toString('base64')}` : undefined;
    const authorization = basic ?? (token ? `Bearer ${token}` : undefined);
    this.#headers = { 'User-Agent': 'qrun', ...(authorization ? { Authorization: authorization } : {}) };
  }

  get(path: string, query: Readonly<Record<string, string | number | undefined>>): Promise<Json> {
    const words = new URLSearchParams();
    for (const [key, value] of Object.entries(query)) if (value !== undefined) words.set(key, String(value));
    return this.#json(`${api}${path}?${words}`, { method: 'GET' });
  }

  post(path: string, body: Json): Promise<Json> {
    return this.#json(api + path, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(body),
    });
  }

  /** Bytes of a proxied artifact. */
  async download(path: string): Promise<Uint8Array> {
    const response = await this.#send(`${artifactApi}/${encodePath(path)}`, { method: 'GET' });
    return new Uint8Array(await response.arrayBuffer());
  }

  async upload(path: string, data: Uint8Array): Promise<void> {
    const headers = { 'Content-Type': 'application/octet-stream' };
    await (
      await this.#send(`${artifactApi}/${encodePath(path)}`, {
        method: 'PUT',
        headers,
        body: data as Uint8Array<ArrayBuffer>,
      })
    ).text();
  }

  async remove(path: string): Promise<void> {
    await (await this.#send(`${artifactApi}/${encodePath(path)}`, { method: 'DELETE' })).text();
  }

  async #json(path: string, init: RequestInit): Promise<Json> {
    const text = await (await this.#send(path, init)).text();
    try {
      const value: unknown = text === '' ? {} : JSON.parse(text);
      if (typeof value === 'object' && value !== null) return value as Json;
    } catch {
      // Told below.
    }
    throw new UserError(`${this.base} answered something else than JSON to ${path.split('?')[0]}`, {
      hint: 'is it an MLflow server?',
    });
  }

  async #send(path: string, init: RequestInit): Promise<Response> {
    for (let attempt = 0; ; attempt++) {
      const wait = waits[attempt];
      const response = await this.#fetch(path, init, wait === undefined);
      if (response?.ok) return response;
      if (response && !(passing.has(response.status) && wait !== undefined))
        throw await this.#refusal(path, response);
      if (response) await response.body?.cancel();
      await sleep(wait);
    }
  }

  /** Undefined where the server could not be reached, unless that was the last try. */
  async #fetch(path: string, init: RequestInit, isLast: boolean): Promise<Response | undefined> {
    try {
      return await fetch(this.base + path, {
        ...init,
        headers: { ...this.#headers, ...(init.headers as Record<string, string> | undefined) },
        // A redirect could carry the credentials elsewhere.
        redirect: 'error',
        signal: AbortSignal.timeout(patience),
      });
    } catch (error) {
      if (!isLast && wasNeverSent(error)) return undefined;
      throw new UserError(`${this.base} cannot be reached: ${reasonOf(error)}`, {
        hint: 'is the server running, and is the address right?',
        cause: error,
      });
    }
  }

  async #refusal(path: string, response: Response): Promise<UserError> {
    const text = await response.text();
    const { status } = response;
    if (status === 401 || status === 403)
      return new UserError(`${this.base} refused the access (${status})`, {
        hint: 'set MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD, or MLFLOW_TRACKING_TOKEN',
      });
    let said: { error_code?: unknown; message?: unknown } = {};
    try {
      said = JSON.parse(text) as typeof said;
    } catch {
      // No error of MLflow's.
    }
    const [problem = `error ${status}`, ...more] =
      typeof said.message === 'string' ? linesOf(said.message) : [];
    const code =
      codes[String(said.error_code)] ??
      (status === 404 ? 'RESOURCE_DOES_NOT_EXIST' : 'INVALID_PARAMETER_VALUE');
    const hint = [...more, `said by ${this.base}`].join('\n  ');
    if (status >= 500) return new UserError(`${this.base} failed at ${path.split('?')[0]}: ${problem}`);
    return new TrackingError(code, problem, { hint });
  }
}

function parse(base: string): URL {
  try {
    return new URL(base);
  } catch {
    throw new UserError(`tracking uri ${JSON.stringify(base)} is no address`, {
      hint: 'an address is written http://host:port',
    });
  }
}

export function encodePath(path: string): string {
  return path.split('/').map(encodeURIComponent).join('/');
}

function reasonOf(error: unknown): string {
  const cause: unknown = error instanceof Error ? error.cause : undefined;
  if (cause instanceof Error) return cause.message || String((cause as { code?: unknown }).code);
  return error instanceof Error ? error.message : String(error);
}

/** The connection was refused: nothing has been asked of the server yet. */
function wasNeverSent(error: unknown): boolean {
  const cause: unknown = error instanceof Error ? error.cause : undefined;
  return typeof cause === 'object' && cause !== null && 'code' in cause && cause.code === 'ECONNREFUSED';
}

/** What a server says, without the advice for Python that MLflow adds to some messages behind an empty line. */
function linesOf(message: string): string[] {
  const [said = message] = message.split('\n\n');
  return said
    .slice(0, 1000)
    .split('\n')
    .map((line) => line.trim());
}
