// npm test: format, lint, types, unit tests, golden tests. `--goldens`: the golden tests alone, on GOLDENS and GOLDENS_DATA.
// The last line is the count over all of them.
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fail, prepare, root, runNode, writeDemoMarket } from './prepare.mjs';

const count = { passed: 0, failed: 0, skipped: 0 };
const temporary = mkdtempSync(join(tmpdir(), 'qrun-test-'));
process.env.QRUN_CACHE = join(temporary, 'cache');

function heading(text) {
  console.log(`\n== ${text}`);
}

/** One check that passes or fails as a whole. */
async function check(name, args) {
  heading(name);
  const code = await runNode(args);
  count[code === 0 ? 'passed' : 'failed']++;
  console.log(`${name}: ${code === 0 ? 'passed' : 'FAILED'}`);
}

const firstLine = (text) => String(text).split('\n')[0];

/** One vitest run; its own counts are added. A file that cannot be loaded and a run that breaks off are failures too. */
async function vitest(name, config, env = process.env) {
  heading(name);
  const report = join(temporary, `${name.replace(/\W+/g, '-')}.json`);
  const reporters = ['--reporter=dot', '--reporter=json', `--outputFile.json=${report}`];
  const code = await runNode(
    ['node_modules/vitest/vitest.mjs', 'run', '--config', config, ...reporters],
    process.stdout.isTTY ? env : { ...env, NO_COLOR: '1' },
  );
  const own = { passed: 0, failed: 0, skipped: 0 };
  if (existsSync(report)) {
    for (const file of JSON.parse(readFileSync(report, 'utf8')).testResults) {
      for (const { status, fullName, failureMessages } of file.assertionResults) {
        own[status === 'passed' || status === 'failed' ? status : 'skipped']++;
        if (status === 'failed') console.log(`FAILED ${fullName}: ${firstLine(failureMessages[0])}`);
      }
      if (file.status === 'failed' && !file.assertionResults.some((t) => t.status === 'failed')) {
        own.failed++;
        console.log(`FAILED ${file.name}: ${firstLine(file.message)}`);
      }
    }
  }
  if (code !== 0 && own.failed === 0) {
    own.failed++;
    console.log(`FAILED ${name}: vitest ended with ${code} and no failed test`);
  }
  for (const key of Object.keys(count)) count[key] += own[key];
  console.log(`${name}: ${own.passed} passed, ${own.failed} failed, ${own.skipped} skipped`);
}

const goldens = (name, env) => vitest(name, 'test/goldens/vitest.config.ts', env);

async function all() {
  await check('format and lint', ['node_modules/@biomejs/biome/bin/biome', 'check', '.']);
  await check('types', ['node_modules/typescript/bin/tsc', '--noEmit']);
  await check('types of the page', ['node_modules/typescript/bin/tsc', '--noEmit', '-p', 'runner/ui']);
  await vitest('unit tests', 'test/vitest.config.ts');
  const own = join(root, 'test', 'golden-demo');
  const market = join(root, '.cache', 'demo');
  if ((await writeDemoMarket(market)) !== 0) fail('the demo market could not be written');
  await goldens('golden tests, demo market', { ...process.env, GOLDENS: own, GOLDENS_DATA: market });
  await givenGoldens();
}

/** The tree of GOLDENS, by default the one beside the repository. */
async function givenGoldens() {
  const tree = resolve(root, process.env.GOLDENS || '../shared/goldens');
  if (existsSync(tree)) await goldens(`golden tests, ${tree}`, process.env);
  else if (process.env.GOLDENS) fail(`GOLDENS=${process.env.GOLDENS}: no such folder`);
  else console.log(`\n== golden tests, ${tree}\nnot there: left out`);
}

await prepare();
try {
  if (process.argv.includes('--goldens')) await givenGoldens();
  else await all();
} finally {
  rmSync(temporary, { recursive: true, force: true });
}
const { passed, failed, skipped } = count;
process.exitCode = failed > 0 || passed === 0 ? 1 : 0;
console.log(`\n${passed} passed, ${failed} failed, ${skipped} skipped`);
