// Expressions evaluated by us, for scripts that compare with real qlib.
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');

/** Runs a program to its end; returns what it printed. */
export function run(name, args) {
  const { status, stdout } = spawnSync(name, args, {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
    maxBuffer: 1 << 28,
  });
  if (status !== 0) throw new Error(`${name} ${args[0]} ended with ${status}`);
  return stdout;
}

/** Evaluates `{expressions, instruments, start, end, freq}` on a data folder: `{values: {"A 2012-01-03": 1.5}}` or `{error}` for each expression. */
export async function ourSide(data, request, folder) {
  const { build } = await import('esbuild');
  const program = join(root, process.env.QRUN_DIST || 'dist', 'parity', '_random-run.mjs');
  await build({
    ...{ entryPoints: [join(root, 'test/parity/_random-run.ts')], outfile: program, bundle: true },
    ...{ format: 'esm', platform: 'node', target: 'node20', packages: 'external', logLevel: 'warning' },
  });
  const file = join(folder, 'ours-request.json');
  writeFileSync(file, JSON.stringify(request));
  run(process.execPath, [program, data, file, join(folder, 'ours.json')]);
  return readFileSync(join(folder, 'ours.json'), 'utf8')
    .split('\n')
    .map((line) => JSON.parse(line));
}
