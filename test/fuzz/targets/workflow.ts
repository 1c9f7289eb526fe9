import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packageRoot } from '../../../components/core/package-root.ts';
import { checkWorkflow, formatErrors, readWorkflow, settingsOf } from '../../../runner/config/index.ts';
import { fullCatalogue } from '../../../runner/context.ts';
import { mutatedText } from '../mutated.ts';
import { type FuzzTarget, refusedOr } from '../target.ts';

const configs = join(packageRoot(), 'configs');
const samples = readdirSync(configs)
  .filter((file) => file.endsWith('.yaml'))
  .map((file) => readFileSync(join(configs, file), 'utf8'));

const pieces = (
  '{{ A }}|{% if A %}|{% endif %}|{% for i in range(9) %}|{% endfor %}|{{|%}|{#|*market|&market |<<: |!!python/object:os.system |!!int |null|~|[]|{}|' +
  '-1|1e400|.nan|.inf|2018-02-30|<MODEL>|<PRED>|<DATASET>|class: LinearModel|module_path: qlib.contrib.model.gbdt|module_path: ./a.ts|module_path: node:fs|' +
  'kwargs: |__proto__: |constructor: |BASE_CONFIG_PATH: w.yaml|BASE_CONFIG_PATH: /etc/passwd|sys: {path: [..]}|\n|\n  |\n      |\t|: |- |? |"|\'|,|#|---\n|...\n|%YAML 1.2\n'
).split('|');

const folder = mkdtempSync(join(tmpdir(), 'qrun-fuzz-'));
const file = join(folder, 'w.yaml');

/** Text, template, YAML, base, schemas of the classes: what `qrun check` does before it opens the data. */
export const workflow: FuzzTarget<string> = {
  name: 'workflow files',
  inputs: mutatedText(samples, pieces),
  runs: 150,
  async check(text) {
    writeFileSync(file, text);
    await refusedOr(async () => {
      const read = await readWorkflow(file, { env: { A: '1' }, cwd: folder });
      const { errors, warnings } = await checkWorkflow(read, fullCatalogue);
      formatErrors([...errors, ...warnings], read);
      if (errors.length === 0) settingsOf(read, { cwd: folder, home: folder });
    });
  },
  close: () => rmSync(folder, { recursive: true, force: true }),
};
