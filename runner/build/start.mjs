// npm start: from a fresh clone to a finished, recorded backtest on the demo market.
import { fail, prepare, runNode, writeDemoMarket } from './prepare.mjs';

const config = 'configs/workflow_config_lightgbm_Alpha158_demo.yaml';
const market = process.env.QRUN_DEMO || '.cache/demo';

await prepare();
if ((await writeDemoMarket(market)) !== 0) fail('the demo market could not be written');
const code = await runNode(['runner/bin/qrun.mjs', config], { ...process.env, QRUN_DEMO: market });
if (code !== 0) fail(`${config} did not succeed`, code);
const next = [
  [config, 'what was run: copy it, change it'],
  ['node runner/bin/qrun.mjs FILE.yaml', 'run a workflow'],
  ['node runner/bin/qrun.mjs check FILE.yaml', 'every mistake in it at once, before any feature is computed'],
  ['mlruns/', 'the runs and their artifacts, as MLflow keeps them'],
  ['README.md', 'own data, own models, all commands'],
];
const width = Math.max(...next.map(([what]) => what.length));
console.log(`\nNext:\n${next.map(([what, why]) => `  ${what.padEnd(width)}   ${why}`).join('\n')}`);
