// PEER=FOLDER npm run bench -- NAME...: measures parts of qrun against Python qlib in FOLDER, both on this machine in this run.
// A benchmark is test/bench/NAME.ts with `export async function bench({ peer, data })`, which returns by figure
// how many times as fast as the peer (or as small) we are. Printed is our time or memory divided by the peer's: below 1 is better. BENCH_DATA names another data folder.
import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { fail, prepare, root } from '../../runner/build/prepare.mjs';

const folder = join(root, 'test', 'bench');
const known = readdirSync(folder)
  .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts') && !file.startsWith('_'))
  .map((file) => basename(file, '.ts'));

const names = process.argv.slice(2);
if (names.length === 0)
  fail(`usage: PEER=FOLDER npm run bench -- NAME...\nbenchmarks: ${known.join(', ') || 'none'}`);
for (const name of names)
  if (!known.includes(name)) fail(`no benchmark "${name}"; benchmarks: ${known.join(', ') || 'none'}`);
// benchmarks of growth compare qrun with itself
const isAlone = names.every((name) => name === 'growth');
if (!process.env.PEER && !isAlone)
  fail('PEER is not set: name the folder of a Python environment with qlib, as in PEER=/opt/qlib');
const peer = resolve(process.env.PEER ?? '');
if (!isAlone && !existsSync(join(peer, 'bin', 'python')))
  fail(`PEER=${process.env.PEER}: no bin/python there`);
const data = resolve(root, process.env.BENCH_DATA || '../shared/sp500/qlib');
if (!isAlone && !existsSync(join(data, 'calendars')))
  fail(`${data}: no data folder there; BENCH_DATA names another`);

await prepare();
const { build } = await import('esbuild');
const out = join(root, process.env.QRUN_DIST || 'dist', 'bench');
mkdirSync(out, { recursive: true });
for (const name of names) {
  const outfile = join(out, `${name}.mjs`);
  await build({
    entryPoints: [join(folder, `${name}.ts`)],
    outfile,
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    packages: 'external',
    logLevel: 'warning',
  });
  const { bench } = await import(pathToFileURL(outfile).href);
  for (const [figure, times] of Object.entries(await bench({ peer, data })))
    console.log(`${name}/${figure} ratio ${(1 / Number(times)).toPrecision(4)}`);
}
