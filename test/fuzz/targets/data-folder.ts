import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { silentLog } from '../../../components/core/log.ts';
import { WorkerPool } from '../../../components/core/workers.ts';
import { openData } from '../../../components/data/folder-provider.ts';
import { mutatedBytes, mutatedText } from '../mutated.ts';
import { type FuzzTarget, refusedOr } from '../target.ts';

const days = Array.from({ length: 40 }, (_, i) =>
  new Date(Date.UTC(2020, 0, 1 + i)).toISOString().slice(0, 10),
);
const calendar = `${days.join('\n')}\n`;
const market = 'AAA\t2020-01-01\t2020-02-09\nBBB\t2020-01-05\t2020-01-31\nBBB\t2020-02-03\t2020-02-09\n';
const bin = new Uint8Array(Float32Array.from([3, ...days.slice(3).map((_, i) => 10 + i / 7)]).buffer);
const signs =
  '\n|\t| |2020-01-01|2020-01-32|9999-12-31|0000-00-00|2020-02-30|AAA|aaa|../x|-|\r\n|﻿|"|,|1e9'.split('|');

const pool = new WorkerPool(1);
const folder = mkdtempSync(join(tmpdir(), 'qrun-fuzz-'));

interface Files {
  readonly calendar: string;
  readonly market: string;
  readonly close: Uint8Array;
}

const honest = (files: Files): Files => files;

/** A data folder of which one file is broken: read as what it holds, or refused. A column never has values on days without any. */
export const dataFolder: FuzzTarget<Files> = {
  name: 'data folders',
  inputs: fc.oneof(
    mutatedBytes([bin]).map((close) => honest({ calendar, market, close })),
    mutatedText([calendar], signs).map((text) => honest({ calendar: text, market, close: bin })),
    mutatedText([market], signs).map((text) => honest({ calendar, market: text, close: bin })),
  ),
  runs: 250,
  async check(files) {
    rmSync(folder, { recursive: true, force: true });
    for (const name of ['calendars', 'instruments', 'features/aaa', 'features/bbb'])
      mkdirSync(join(folder, name), { recursive: true });
    writeFileSync(join(folder, 'calendars/day.txt'), files.calendar);
    writeFileSync(join(folder, 'instruments/all.txt'), files.market);
    writeFileSync(join(folder, 'features/aaa/close.day.bin'), files.close);
    writeFileSync(join(folder, 'features/bbb/close.day.bin'), bin);
    await refusedOr(async () => {
      const data = openData(folder, { pool, log: silentLog });
      const panel = await data.features({
        instruments: 'all',
        fields: [
          { group: null, name: 'close', expression: '$close' },
          { group: null, name: 'mean', expression: 'Mean($close, 3)' },
        ],
        start: null,
        end: null,
      });
      if (panel.columns.some((column) => (column.rows ?? column.values).length !== panel.length))
        throw new Error('a column of another length than the panel');
    });
  },
  async close() {
    await pool.close();
    rmSync(folder, { recursive: true, force: true });
  },
};
