import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { packageRoot } from '../../components/core/package-root.ts';
import { writeDemoMarket } from '../../components/data/demo/write-market.ts';
import { metricOf, qrun, runsOf, temporaryFolder } from './support.ts';

const { folder, clean } = temporaryFolder();
const market = join(folder, 'market');
const base = join(packageRoot(), 'configs/workflow_config_linear_Alpha158_demo.yaml');
const env = { QRUN_DEMO: market };
afterAll(clean);
beforeAll(() => void writeDemoMarket(market, { instruments: 30, years: 8, seed: 7 }));

const sweepText = `base: ${base}
metric: {name: IC, goal: maximize}
parameters:
  task.model.kwargs.alpha: {values: [0.01, 1.0]}
  port_analysis_config.strategy.kwargs.topk: {values: [5, 10]}
`;
const run = (cwd: string, ...args: string[]) => qrun(args, { cwd, env });
const tag = (path: string, name: string) => {
  const file = join(path, 'tags', name);
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
};
const status = (path: string) => /^status: (\d)$/m.exec(readFileSync(join(path, 'meta.yaml'), 'utf8'))![1];
const isActive = (path: string) =>
  readFileSync(join(path, 'meta.yaml'), 'utf8').includes('lifecycle_stage: active');
const active = (cwd: string, name = 'sweep') =>
  (runsOf(join(cwd, 'mlruns')).get(name) ?? []).filter(isActive);

function work(name: string): string {
  const cwd = join(folder, name);
  spawnSync('mkdir', ['-p', cwd]);
  writeFileSync(join(cwd, 'sweep.yaml'), sweepText);
  return cwd;
}

describe('a sweep', () => {
  it('trains each model once, records every point, and does nothing the second time', async () => {
    const cwd = work('plain');
    const plan = await run(cwd, 'sweep', 'sweep.yaml', '--dry-run');
    expect([plan.code, plan.stderr]).toEqual([0, '']);
    expect(plan.stdout).toContain('4 runs');
    expect(plan.stdout).toContain('1 data sets are loaded, 2 models trained');
    const outcome = await run(cwd, 'sweep', 'sweep.yaml', '--workers', '2');
    expect([outcome.code, outcome.stderr]).toEqual([0, '']);
    const runs = active(cwd);
    expect(runs.map(status)).toEqual(['3', '3', '3', '3']);
    expect(runs.filter((path) => tag(path, 'qrun.stage.reused_from')).length).toBe(2);
    const again = await run(cwd, 'sweep', 'sweep.yaml');
    expect(again.stdout).toContain('4 have finished before');
    expect(active(cwd).sort()).toEqual([...runs].sort());

    const reused = runs.find((path) => tag(path, 'qrun.stage.reused_from'))!;
    const same = await run(cwd, 'reproduce', reused.split('/').at(-1)!);
    expect(same.stdout).toMatch(/\nidentical\n$/);
    expect(same.code).toBe(0);

    const show = await run(cwd, 'sweep', 'show', 'sweep.yaml', '--report');
    expect(show.stdout).toContain('4 sets of values');
    expect(show.stdout).toContain('probability of backtest overfitting');
    const page = readFileSync(join(cwd, 'report.html'), 'utf8');
    expect(page.match(/<polyline/g)!.length).toBe(4);
    expect(page).not.toMatch(/src=|href=|url\(/);

    const ensemble = await run(cwd, 'sweep', 'ensemble', 'sweep.yaml', '--best', '2');
    expect(ensemble.code, ensemble.stderr).toBe(0);
    const made = active(cwd).find((path) => tag(path, 'qrun.ensemble.runs'))!;
    expect(metricOf(made, 'IC')).toBeCloseTo(metricOf(runs[0]!, 'IC'), 1);
  });

  it('goes on after kill -9 with nothing lost, doubled or left open', async () => {
    const cwd = work('killed');
    for (let i = 0; i < 4; i++) {
      const child = spawn(
        process.execPath,
        [join(packageRoot(), 'runner/bin/qrun.mjs'), 'sweep', 'sweep.yaml', '--workers', '2'],
        {
          cwd,
          env: { ...process.env, ...env },
          stdio: 'ignore',
          detached: true,
        },
      );
      const ended = new Promise((resolve) => child.once('exit', resolve));
      await new Promise((resolve) => setTimeout(resolve, 700 + 900 * i));
      try {
        // the whole group, or the sweep alone: its workers end with it
        process.kill(i % 2 === 0 ? -child.pid! : child.pid!, 'SIGKILL');
      } catch {
        // it has finished already
      }
      await ended;
    }
    const outcome = await run(cwd, 'sweep', 'sweep.yaml', '--workers', '2');
    expect([outcome.code, outcome.stderr]).toEqual([0, '']);
    const runs = active(cwd);
    expect(runs.map(status)).toEqual(['3', '3', '3', '3']);
    expect(new Set(runs.map((path) => tag(path, 'qrun.sweep.key'))).size).toBe(4);
    const all = runsOf(join(cwd, 'mlruns')).get('sweep')!;
    expect(all.map(status)).not.toContain('1');
    for (const path of runs) expect(readdirSync(join(path, 'artifacts'))).toContain('pred.pkl');
  });

  it('tells mistakes in its file and in the paths of parameters before anything runs', async () => {
    const cwd = work('mistakes');
    writeFileSync(
      join(cwd, 'sweep.yaml'),
      sweepText.replace('kwargs.alpha', 'kwargs.alfa').replace('goal: maximize', 'gaol: maximize'),
    );
    const shape = await run(cwd, 'sweep', 'sweep.yaml');
    expect(shape.code).toBe(1);
    expect(shape.stderr).toContain('sweep.yaml:2:');
    expect(shape.stderr).toContain('did you mean "goal"?');
    writeFileSync(join(cwd, 'sweep.yaml'), sweepText.replace('kwargs.alpha', 'kwargs.alfa'));
    const path = await run(cwd, 'sweep', 'sweep.yaml');
    expect(path.code).toBe(1);
    expect(path.stderr).toContain('did you mean "alpha"?');
    expect(active(cwd)).toEqual([]);
  });

  it('refuses to read the holdout and counts its openings', async () => {
    const cwd = work('holdout');
    writeFileSync(join(cwd, 'sweep.yaml'), `${sweepText}holdout: {start: 2023-01-03, end: 2023-12-15}\n`);
    const refused = await run(cwd, 'sweep', 'sweep.yaml');
    expect(refused.code).toBe(1);
    expect(refused.stderr).toContain('reaches into the holdout 2023-01-03 to 2023-12-15');
    const withEnd = (
      day: string,
    ) => `${sweepText.replace('[0.01, 1.0]', '[0.01]').replace('[5, 10]', '[5]')}holdout: {start: 2023-01-03, end: 2023-12-15}
always:
  - data_handler_config.end_time=${day}
  - task.dataset.kwargs.segments.test=[2021-01-04, ${day}]
  - port_analysis_config.backtest.end_time=2022-12-30
`;
    writeFileSync(join(cwd, 'sweep.yaml'), withEnd('2022-12-30'));
    expect((await run(cwd, 'sweep', 'sweep.yaml')).stderr).toContain(
      'the last labels of 2021-01-04 to 2022-12-30 are made of prices of the holdout',
    );
    writeFileSync(join(cwd, 'sweep.yaml'), withEnd('2022-12-28'));
    expect((await run(cwd, 'sweep', 'sweep.yaml')).code).toBe(0);
    for (const count of [1, 2]) {
      const opened = await run(cwd, 'sweep', 'holdout', 'sweep.yaml');
      expect(opened.code, opened.stderr).toBe(0);
      expect(opened.stdout).toContain(`opening ${count} of the holdout`);
    }
    expect((await run(cwd, 'sweep', 'show', 'sweep.yaml')).stdout).toContain(
      'the holdout has been opened 2 times',
    );
  });
});

describe('overrides', () => {
  it('make the run and its record, -m a run for each combination', async () => {
    const cwd = work('overrides');
    const outcome = await run(cwd, base, 'task.model.kwargs.alpha=0.25,0.5', '-m', 'many');
    expect([outcome.code, outcome.stderr]).toEqual([0, '']);
    const alphas = active(cwd, 'many').map((path) =>
      readFileSync(join(path, 'params', 'model.kwargs.alpha'), 'utf8'),
    );
    expect(alphas.sort()).toEqual(['0.25', '0.5']);
    const wrong = await run(cwd, base, 'task.model.kwargs.alhpa=1');
    expect(wrong.code).toBe(1);
    expect(wrong.stderr).toContain('did you mean "alpha"?');
  });
});

describe('a batch', () => {
  it('keeps to dependencies, retries and limits', async () => {
    const cwd = work('batch');
    writeFileSync(
      join(cwd, 'manifest.yaml'),
      `runs:
  - {name: second, config: ${base}, after: first}
  - {name: first, config: ${base}, overrides: [task.model.kwargs.alpha=0.5]}
  - {name: big, config: ${base}, memory: 20MB}
  - {name: last, config: ${base}, after: [second, big]}
`,
    );
    const { code, stdout } = await run(cwd, 'batch', 'manifest.yaml');
    expect(code).toBe(1);
    expect(stdout.indexOf('first: finished')).toBeLessThan(stdout.indexOf('second: finished'));
    expect(stdout).toMatch(/big: failed the run took \d\.\d+ GB of memory, its limit is 0\.02 GB/);
    expect(stdout).toContain('last: skipped big, for which it waits, has not finished');
    const runs = active(cwd, 'workflow').map(status).sort();
    expect(runs.filter((s) => s === '3').length).toBe(2);
    expect(runs).not.toContain('1');
  });

  it('goes on where it was killed, and runs a changed workflow anew', async () => {
    const cwd = work('batch-killed');
    const manifest = (alpha: number) =>
      writeFileSync(
        join(cwd, 'manifest.yaml'),
        `runs:
  - {name: first, config: ${base}}
  - {name: second, config: ${base}, overrides: [task.model.kwargs.alpha=${alpha}], after: first}
`,
      );
    manifest(0.5);
    const killed = spawn(
      process.execPath,
      [join(packageRoot(), 'runner/bin/qrun.mjs'), 'batch', 'manifest.yaml'],
      {
        cwd,
        env: { ...process.env, ...env },
        stdio: ['ignore', 'pipe', 'inherit'],
      },
    );
    await new Promise<void>((resolve) => {
      killed.stdout.on('data', (text: Buffer) => {
        if (text.toString().includes('first: finished')) resolve();
      });
    });
    killed.kill('SIGKILL');
    const resumed = await run(cwd, 'batch', 'manifest.yaml');
    expect(resumed.code, resumed.stderr).toBe(0);
    expect(resumed.stdout).toContain('first: has finished before');
    expect(resumed.stdout).toContain('second: finished');
    const finished = () => active(cwd, 'workflow').filter((path) => status(path) === '3');
    expect(finished()).toHaveLength(2);
    manifest(0.25);
    const changed = await run(cwd, 'batch', 'manifest.yaml');
    expect(changed.stdout).toContain('first: has finished before');
    expect(changed.stdout).toContain('second: finished');
    expect(finished()).toHaveLength(3);
  });
});

describe('predictions of a recorded model', () => {
  it('grow to a later day and equal those of a run up to that day', async () => {
    const cwd = work('predict');
    const short = [
      'task.dataset.kwargs.segments.test=[2021-01-04, 2022-06-30]',
      'data_handler_config.end_time=2022-06-30',
      'port_analysis_config.backtest.end_time=2022-06-20',
    ];
    expect((await run(cwd, base, ...short)).code).toBe(0);
    const predicted = await run(cwd, 'predict', 'latest', '--end', '2022-12-30');
    expect(predicted.code, predicted.stderr).toBe(0);
    expect(predicted.stdout).toContain('from after 2022-06-30 to 2022-12-30');
    const whole = await run(
      cwd,
      base,
      'task.dataset.kwargs.segments.test=[2021-01-04, 2022-12-30]',
      'port_analysis_config.backtest.end_time=2022-12-20',
      'whole',
    );
    expect(whole.code, whole.stderr).toBe(0);
    const table = async (name: string) => {
      const [path] = active(cwd, name);
      const shown = await run(cwd, 'show', join(path!, 'artifacts', 'pred.pkl'));
      return shown.stdout.trimEnd().split('\n').at(-1);
    };
    expect(await table('workflow')).toBe(await table('whole'));
  });
});
