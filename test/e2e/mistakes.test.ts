import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { packageRoot } from '../../components/core/package-root.ts';
import { qrun, temporaryFolder } from './support.ts';

const { folder, clean } = temporaryFolder();
afterAll(clean);

const demo = readFileSync(join(packageRoot(), 'configs/workflow_config_lightgbm_Alpha158_demo.yaml'), 'utf8');

/** Writes the demo workflow with texts replaced; gives the line (from 1) of each replacement. */
function write(name: string, changes: readonly (readonly [string, string])[]): number[] {
  const text = changes.reduce((all, [from, to]) => {
    expect(all.split(from).length, `"${from}" stands once in the demo workflow`).toBe(2);
    return all.replace(from, to);
  }, demo);
  writeFileSync(join(folder, name), text);
  return changes.map(([, to]) => text.slice(0, text.indexOf(to)).split('\n').length);
}

const changes = [
  ['  region: us', '  regoin: us'],
  ['    class: LGBModel', '    class: LGBMModel'],
  ['      segments:', '      segmnets:'],
  ['        ann_scaler: 252', '        ann_scaler: often'],
  ['      topk: 25', '      topk: -25'],
] as const;

describe('a workflow with five mistakes', () => {
  it.each(['run', 'check'])(
    'tells all of them with their lines, before any data is read (%s)',
    async (command) => {
      const lines = write('five.yaml', changes);
      const args = command === 'check' ? ['check', 'five.yaml'] : ['five.yaml'];
      const { code, stderr, stdout } = await qrun(args, { cwd: folder, env: { QRUN_DEMO: '/nonexistent' } });
      expect(code).toBe(1);
      const said = stderr + stdout;
      for (const line of lines) expect(said).toContain(`five.yaml:${line}:`);
      for (const right of ['region', 'LGBModel', 'segments']) expect(said).toContain(`"${right}"`);
      expect(said).not.toMatch(/\n\s+at /);
      expect(existsSync(join(folder, 'mlruns'))).toBe(false);
    },
  );
});

describe('a workflow with one mistake', () => {
  it('is refused when a variable of its template is not set', async () => {
    write('variable.yaml', [["{{ QRUN_DEMO | default('.cache/demo') }}", '{{ QRUN_DEMOO }}']]);
    const { code, stderr } = await qrun(['variable.yaml'], { cwd: folder, env: { QRUN_DEMO: '/data' } });
    expect(code).toBe(1);
    expect(stderr).toContain('variable.yaml:4');
    expect(stderr).toContain('QRUN_DEMOO');
    expect(stderr).toContain('did you mean "QRUN_DEMO"?');
  });

  it('is refused when the data folder is not there', async () => {
    write('nodata.yaml', []);
    const { code, stderr } = await qrun(['nodata.yaml'], { cwd: folder, env: { QRUN_DEMO: '/nonexistent' } });
    expect(code).toBe(1);
    expect(stderr).toContain('/nonexistent');
    expect(stderr).toContain('nodata.yaml:4:');
    expect(existsSync(join(folder, 'mlruns'))).toBe(false);
  });

  it('is refused when it is no YAML', async () => {
    writeFileSync(join(folder, 'broken.yaml'), 'task:\n  model: {class: LGBModel\n');
    const { code, stderr } = await qrun(['broken.yaml'], { cwd: folder });
    expect(code).toBe(1);
    expect(stderr).toMatch(/broken\.yaml:\d+:\d+/);
  });
});
