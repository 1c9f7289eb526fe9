import { mkdtempSync, rmSync } from 'node:fs';
import { type AddressInfo, connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import fc from 'fast-check';
import { openStore } from '../../../records/tracking/open-store.ts';
import { createServer } from '../../../runner/server/app.ts';
import type { FuzzTarget } from '../target.ts';

const folder = mkdtempSync(join(tmpdir(), 'qrun-fuzz-'));
const faults: unknown[] = [];
const app = openStore(pathToFileURL(folder).href, Date.now).then((store) =>
  createServer({ store, now: Date.now, onFault: (error) => faults.push(error) }),
);

const port = app.then(async (server) => {
  await server.listen({ host: '127.0.0.1', port: 0 });
  return (server.server.address() as AddressInfo).port;
});

/** Sends bytes as they are, and waits for the answer and the end of the connection. */
function exchange(to: number, bytes: Uint8Array): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(to, '127.0.0.1', () => socket.write(bytes));
    let reply = '';
    socket.setEncoding('latin1');
    socket.setTimeout(20_000, () => socket.destroy(new Error('no answer in 20 s')));
    socket.on('data', (part) => {
      reply += String(part);
    });
    socket.on('end', () => socket.end());
    socket.on('close', () => resolve(reply));
    socket.on('error', reject);
  });
}

const names =
  'experiments/create|experiments/search|experiments/get|experiments/get-by-name|experiments/delete|experiments/update|experiments/set-experiment-tag|runs/create|runs/get|runs/search|runs/update|runs/log-metric|runs/log-parameter|runs/log-batch|runs/log-inputs|runs/set-tag|runs/delete-tag|runs/delete|runs/restore|metrics/get-history|artifacts/list|metrics/get-history-bulk-interval'.split(
    '|',
  );
const keys =
  'experiment_id experiment_ids run_id run_uuid name key value step timestamp filter order_by max_results page_token path metrics params tags status end_time artifact_location view_type run_view_type'.split(
    ' ',
  );
const odd = fc.oneof(
  fc.constantFrom<unknown>(
    ...[
      '0',
      '',
      'x'.repeat(300),
      '../..',
      '%00',
      '\0',
      'NaN',
      -1,
      1e308,
      null,
      true,
      [],
      {},
      ['0'],
      [{ key: 'a', value: 1 }],
    ],
    ...[
      [{ key: 'a', value: 'NaN', timestamp: 0, step: 0 }],
      Number.MAX_SAFE_INTEGER,
      "metrics.a > 1 AND params.b = 'c'",
    ],
    ...[['metrics.a DESC'], 'ACTIVE_ONLY', 'ALL', 'FINISHED', '__proto__', { __proto__: 1 }],
  ),
  fc.jsonValue({ maxDepth: 3 }),
  fc.string({ unit: 'binary', maxLength: 12 }),
);
const body = fc.dictionary(fc.oneof(fc.constantFrom(...keys), fc.string({ maxLength: 6 })), odd, {
  maxKeys: 6,
});
const path = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(...names).map((name) => `/api/2.0/mlflow/${name}`) },
  {
    weight: 1,
    arbitrary: fc
      .array(
        fc.constantFrom(
          '..',
          '%2e%2e',
          '%00',
          'get-artifact',
          'api',
          'mlruns',
          '0',
          '',
          '%',
          '\\',
          ';',
          '%ff',
        ),
        { maxLength: 6 },
      )
      .map((parts) => `/${parts.join('/')}`),
  },
);
interface Request {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly url: string;
  readonly payload: string | undefined;
  readonly type: string;
}
const requests: fc.Arbitrary<Request> = fc
  .record({
    method: fc.constantFrom('GET', 'POST', 'POST', 'PUT', 'DELETE'),
    path,
    body,
    raw: fc.option(fc.string({ unit: 'binary', maxLength: 30 }), { freq: 6 }),
    type: fc.constantFrom(
      'application/json',
      'application/json',
      'text/plain',
      'application/x-www-form-urlencoded',
      ';;',
    ),
  })
  .map(({ method, path: at, body: fields, raw, type }) => {
    const isQuery = method === 'GET';
    const query = Object.entries(fields)
      .map(
        ([key, value]) =>
          `${encode(key)}=${encode(typeof value === 'string' ? value : JSON.stringify(value))}`,
      )
      .join('&');
    return {
      method,
      url: isQuery ? `${at}?${query}` : at,
      payload: isQuery ? undefined : (raw ?? JSON.stringify(fields)),
      type,
    };
  });

/** Lone surrogates have no percent-encoding. */
const encode = (text: string) => encodeURIComponent(text.replace(/\p{Cs}/gu, '?'));

/** Requests of any kind are answered: never with a fault of ours. */
export const server: FuzzTarget<Request> = {
  name: 'HTTP requests',
  inputs: requests,
  runs: 600,
  async check({ method, url, payload, type }) {
    faults.length = 0;
    const body = Buffer.from(payload ?? '');
    const head = `${method} ${url} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: ${type}\r\nContent-Length: ${body.length}\r\nConnection: close\r\n\r\n`;
    const reply = await exchange(await port, Buffer.concat([Buffer.from(head), body]));
    const status = Number(/^HTTP\/1\.1 (\d{3}) /.exec(reply)?.[1]);
    if (faults.length > 0) throw faults[0];
    if (!(status >= 200 && status < 500) && status !== 501) throw new Error(`answer: ${reply.slice(0, 300)}`);
  },
  async close() {
    await (await app).close();
    rmSync(folder, { recursive: true, force: true });
  },
};
