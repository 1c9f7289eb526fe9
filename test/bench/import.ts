import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { packageRoot } from '../../components/core/package-root.ts';
import { watch } from './_watch.ts';

/** Where qlib's repository keeps the script that is measured; it is no part of the package. */
const scriptVariable = 'QLIB_DUMP';

/**
 * Import of CSV files beside qlib's `dump_bin.py dump_all`, two threads or processes each, from the same plain files that `qrun data export`
 * makes; then of the gzipped raw files beside the data folder, where there are some, whose bins are compared with the folder's.
 * `dump` compares times, `memory` peaks.
 */
export async function bench({
  peer,
  data,
}: {
  readonly peer: string;
  readonly data: string;
}): Promise<Record<string, number>> {
  const script = process.env[scriptVariable];
  if (!script || !existsSync(script))
    throw new Error(`${scriptVariable} must name scripts/dump_bin.py of qlib's repository`);
  const folder = mkdtempSync(join(tmpdir(), 'qrun-bench-'));
  const qrun = (...args: string[]) =>
    watch(process.execPath, [join(packageRoot(), 'runner/bin/qrun.mjs'), 'data', ...args]);
  try {
    const csv = join(folder, 'csv');
    await qrun('export', data, csv);
    const fields = 'open,close,high,low,volume,factor,change';
    const theirs = await watch(join(peer, 'bin', 'python'), [
      ...[script, 'dump_all', '--data_path', csv, '--qlib_dir', join(folder, 'theirs')],
      ...['--include_fields', fields, '--max_workers', '2'],
    ]);
    const ours = await qrun('import', csv, join(folder, 'ours'), '--threads', '2', '--fields', fields);
    const equal = compare(join(folder, 'theirs'), join(folder, 'ours'));
    console.log(
      `import: qlib ${theirs.seconds.toFixed(1)} s, ${megabytes(theirs.peak)}; qrun ${ours.seconds.toFixed(1)} s, ${megabytes(ours.peak)}; ${equal}`,
    );
    const raw = join(dirname(data), 'csv');
    if (existsSync(raw)) {
      const factor = ['--factor', 'adjusted_close/close', '--threads', '2', '--fields', fields];
      const gzipped = await qrun('import', raw, join(folder, 'raw'), ...factor);
      console.log(
        `import of gzipped files: ${gzipped.seconds.toFixed(1)} s; ${compare(data, join(folder, 'raw'))}`,
      );
    }
    return { dump: theirs.seconds / ours.seconds, memory: theirs.peak / ours.peak };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const megabytes = (bytes: number) => `${(bytes / 1e6).toFixed(0)} MB`;

/** Values of all bins side by side. @throws Error where a bin is absent, covers other days, or a value is off by more than a float32's rounding */
function compare(want: string, got: string): string {
  let files = 0;
  let values = 0;
  let off = 0;
  for (const name of readdirSync(join(want, 'features')))
    for (const file of readdirSync(join(want, 'features', name))) {
      const [a, b] = [want, got].map((side) => {
        const bytes = new Uint8Array(readFileSync(join(side, 'features', name, file)));
        return new Float32Array(bytes.buffer);
      }) as [Float32Array, Float32Array];
      if (a.length !== b.length || a[0] !== b[0]) throw new Error(`${name}/${file} covers other days`);
      files++;
      values += a.length - 1;
      for (let i = 1; i < a.length; i++) {
        if (Object.is(a[i], b[i]) || a[i] === b[i]) continue;
        if (!(Math.abs(a[i]! - b[i]!) <= Math.abs(a[i]!) * 2 ** -23))
          throw new Error(`${name}/${file} value ${i - 1}: ${b[i]}, not ${a[i]}`);
        off++;
      }
    }
  return `${files} bins of ${values} values, ${off} off by one unit in the last place`;
}
