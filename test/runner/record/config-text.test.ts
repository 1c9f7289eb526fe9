import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { readWorkflow, settingsOf } from '../../../runner/config/index.ts';
import { configText } from '../../../runner/record/config-text.ts';

const folder = mkdtempSync(join(tmpdir(), 'qrun-config-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function textOf(files: Readonly<Record<string, string>>, cwd = folder): Promise<string> {
  mkdirSync(join(folder, 'sub'), { recursive: true });
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, 'sub', name), text);
  const workflow = await readWorkflow('sub/a.yaml', { env: { NAME: 'x' }, cwd });
  return configText({
    workflow,
    settings: settingsOf(workflow, { cwd, home: '/home/u' }),
    experimentName: 'given',
  });
}

const head = () => `# sub/a.yaml as it was run in ${folder}; run it again: qrun config.yaml\n`;

describe('configText', () => {
  it('resolves templates, anchors and relative folders, and names the experiment', async () => {
    const text = await textOf({
      'a.yaml': `
qlib_init: {provider_uri: data, region: us}
market: &market all
task:
  model: {class: "{{ NAME }}"}
  dataset: {class: D, kwargs: {instruments: *market, start: 2020-01-02}}
`,
    });
    expect(text).toBe(`${head()}qlib_init:
  provider_uri: ${folder}/data
  region: us
task:
  model:
    class: x
  dataset:
    class: D
    kwargs:
      instruments: all
      start: 2020-01-02
experiment_name: given
`);
  });

  it('keeps what the file says of experiment and folders by frequency, merges the base', async () => {
    const text = await textOf({
      'base.yaml': 'experiment_name: own\nqlib_init: {provider_uri: {day: ~/day, 1min: /min}}\n',
      'a.yaml': 'BASE_CONFIG_PATH: base.yaml\ntask: {model: {class: M}, dataset: {class: D}}\n',
    });
    expect(text).not.toContain('BASE_CONFIG_PATH');
    expect(text).toContain('experiment_name: own\n');
    expect(text).toContain('provider_uri:\n    day: /home/u/day\n    "1min": /min\n');
  });

  it('adds the folder of user modules, so that they are found from anywhere', async () => {
    const text = await textOf({
      'a.yaml': `
qlib_init: {provider_uri: /data}
sys: {rel_path: [lib]}
task: {model: {class: M, module_path: ./my_model.ts}, dataset: {class: D}}
`,
    });
    expect(text).toContain(`sys:\n  path:\n    - ${folder}/sub\n    - ${folder}/sub/lib\n`);
    expect(text).toContain('module_path: ./my_model.ts\n');
  });
});
