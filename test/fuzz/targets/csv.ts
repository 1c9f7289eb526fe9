import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { WorkerPool } from '../../../components/core/workers.ts';
import { importData } from '../../../components/data/import/import-data.ts';
import { mutatedText } from '../mutated.ts';
import { type FuzzTarget, refusedOr } from '../target.ts';

const samples = [
  'date,symbol,open,close,volume\n2020-01-02,AAA,1.5,1.6,100\n2020-01-03,AAA,1.6,1.7,\n2020-01-02,BBB,2,2.5,300\n',
  'Date;Symbol;close;factor\r\n20200102;AAA;"1.5";1\r\n20200103;AAA;1,6;1\r\n',
  'datetime\tsymbol\tclose\n2020-01-02 00:00:00\tAAA\t1e3\n',
];
const pieces =
  '\n|\r\n|,|;|\t|"|""|date|symbol|close|2020-01-02|2020-13-45|1/2/2020|nan|inf|1e999|-|+|.|AAA|../x|/|\0|﻿|#|1_000|"1,000.5"'.split(
    '|',
  );

const pool = new WorkerPool(1);
const folder = mkdtempSync(join(tmpdir(), 'qrun-fuzz-'));
const source = join(folder, 'prices.csv');
let count = 0;

/** Any text is imported or refused with its line; nothing is left beside the folder that was asked for. */
export const csv: FuzzTarget<string> = {
  name: 'CSV imports',
  inputs: mutatedText(samples, pieces),
  runs: 150,
  async check(text) {
    mkdirSync(folder, { recursive: true });
    writeFileSync(source, text);
    const out = join(folder, `out-${count++}`);
    await refusedOr(() =>
      importData({
        source,
        folder: out,
        freq: 'day',
        fields: null,
        excluded: [],
        dateField: null,
        symbolField: null,
        renamed: {},
        factor: null,
        delimiter: null,
        duplicates: 'error',
        update: false,
        overwrite: false,
        pool,
        warn: () => {},
      }),
    );
    rmSync(out, { recursive: true, force: true });
  },
  async close() {
    await pool.close();
    rmSync(folder, { recursive: true, force: true });
  },
};
