import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import { FileStore } from '../../../records/tracking/file/file-store.ts';
import type { TrackingStore } from '../../../records/tracking/store.ts';
import { createServer, type ServerOptions } from '../../../runner/server/app.ts';

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly text: string;
  /** The body as JSON; an empty object where it is none. */
  // biome-ignore lint/suspicious/noExplicitAny: answers of any shape are looked into
  readonly json: any;
}

/** A server over a new folder, asked without a network. */
export class TestServer {
  readonly folder = mkdtempSync(join(tmpdir(), 'qrun-server-'));
  readonly root = join(this.folder, 'mlruns');
  readonly store: TrackingStore;
  readonly app: FastifyInstance;
  readonly faults: unknown[] = [];

  constructor(options: Partial<ServerOptions> = {}) {
    this.store = options.store ?? new FileStore(this.root, this.root, Date.now);
    this.app = createServer({
      now: Date.now,
      onFault: (fault) => this.faults.push(fault),
      ...options,
      store: this.store,
    });
  }

  async send(
    method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'OPTIONS',
    url: string,
    body?: object | string,
    headers: Record<string, string> = {},
  ): Promise<Answer> {
    const answer = await this.app.inject({
      method,
      url,
      headers: {
        host: '127.0.0.1:5000',
        ...(typeof body === 'object' && { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body !== undefined && { payload: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    let json: unknown = {};
    try {
      json = JSON.parse(answer.body);
    } catch {
      // Not JSON: looked at as text.
    }
    return { status: answer.statusCode, headers: answer.headers, text: answer.body, json };
  }

  /** A call of MLflow's API: a POST with a body, else a GET. */
  call(path: string, body?: object): Promise<Answer> {
    return this.send(body ? 'POST' : 'GET', `/api/2.0/mlflow/${path}`, body);
  }

  async newRun(more: object = {}): Promise<string> {
    const { json } = await this.call('runs/create', { experiment_id: '0', start_time: 1000, ...more });
    return json.run.info.run_id;
  }

  async close(): Promise<void> {
    await this.app.close();
    await this.store.close();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
