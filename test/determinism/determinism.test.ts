import { spawn } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { packageRoot } from '../../components/core/package-root.ts';
import { writeDemoMarket } from '../../components/data/demo/write-market.ts';
import { runsOf, temporaryFolder } from '../e2e/support.ts';
import { differing, runFigures } from './run-figures.ts';

// test/determinism/run.mjs sets these: other configs, other threads, other versions of Node
const listed = (name: string) => process.env[name]?.split(',').filter((item) => item !== '');
const configs = listed('DETERMINISM_CONFIGS')?.map((config) => resolve(config)) ?? [
  join(packageRoot(), 'configs/workflow_config_lightgbm_Alpha158_demo.yaml'),
  join(packageRoot(), 'configs/workflow_config_linear_Alpha158_demo.yaml'),
];
const threads = listed('DETERMINISM_THREADS') ?? ['1', '2', '4'];
const nodes = listed('DETERMINISM_NODES') ?? [process.execPath];

const { folder, clean } = temporaryFolder();
const market = join(folder, 'market');
afterAll(clean);
beforeAll(() => void writeDemoMarket(market, { instruments: 40 }));

/** Runs one workflow in a store of its own and returns what it has computed. */
function figuresOf(config: string, node: string, threadCount: string): Promise<Map<string, string>> {
  const cwd = join(folder, `${readdirSync(folder).length}`);
  mkdirSync(cwd);
  return new Promise((resolve, reject) => {
    // as many threads as there are, in the place of the number that the file gives
    const isCounted = /^\s+num_threads:/m.test(readFileSync(config, 'utf8'));
    const overrides = isCounted ? ['task.model.kwargs.num_threads=0'] : [];
    const options = ['--threads', threadCount, '--no-cache'];
    const args = [join(packageRoot(), 'runner/bin/qrun.mjs'), config, ...overrides, ...options];
    const child = spawn(node, args, {
      cwd,
      env: { QRUN_DEMO: market, ...process.env },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let stderr = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    child.on('error', reject);
    child.on('close', (code) => {
      const [run] = [...runsOf(join(cwd, 'mlruns')).values()].flat();
      if (code !== 0 || run === undefined) reject(new Error(`exit code ${code}: ${stderr}`));
      else resolve(runFigures(run));
    });
  });
}

describe.each(configs)('%s', (config) => {
  it(`gives the same bytes on ${threads.join(', ')} threads${nodes.length > 1 ? ` and ${nodes.length} versions of Node` : ''}`, {
    timeout: 3_600_000,
  }, async () => {
    let first: Map<string, string> | undefined;
    for (const node of nodes)
      for (const count of threads) {
        const figures = await figuresOf(config, node, count);
        expect(figures.has('artifacts/pred.pkl')).toBe(true);
        first ??= figures;
        expect(differing(first, figures), `${node}, ${count} threads`).toEqual([]);
      }
  });
});
