// What `npm start` and `npm test` do first, on a fresh clone with nothing but Node: check Node, install packages, build.
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const readJson = (file) => JSON.parse(readFileSync(join(root, file), 'utf8'));

/** Ends the process with a message, no stack. */
export function fail(message, code = 1) {
  process.stderr.write(`${message}\n`);
  process.exit(code);
}

/** Runs a program in the repository with this terminal; resolves to its exit code, 1 when a signal ended it. */
export function run(program, args, env = process.env) {
  return new Promise((resolve) => {
    const child = spawn(program, args, { cwd: root, env, stdio: ['ignore', 'inherit', 'inherit'] });
    child.on('error', (error) => {
      process.stderr.write(`${program}: ${error.message}\n`);
      resolve(1);
    });
    child.on('exit', (code) => resolve(code ?? 1));
  });
}

export const runNode = (args, env) => run(process.execPath, args, env);

function checkNode() {
  const least = /\d+\.\d+/.exec(readJson('package.json').engines.node)[0];
  const [major, minor] = least.split('.').map(Number);
  const [ownMajor, ownMinor] = process.versions.node.split('.').map(Number);
  if (ownMajor < major || (ownMajor === major && ownMinor < minor))
    fail(`qrun needs Node ${least} or newer; this is ${process.version} (${process.execPath})`);
}

/** Does node_modules hold what package-lock.json names? npm keeps its own note of what it installed. */
function isInstalled() {
  const note = 'node_modules/.package-lock.json';
  if (!existsSync(join(root, note))) return false;
  const installed = readJson(note).packages;
  return Object.entries(readJson('package-lock.json').packages).every(
    ([place, { version, optional }]) =>
      place === '' ||
      optional === true ||
      (installed[place]?.version === version && existsSync(join(root, place, 'package.json'))),
  );
}

async function install() {
  if (isInstalled()) return;
  console.log('installing packages (npm ci)');
  const args = ['ci', '--ignore-scripts', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error'];
  const npm = process.env.npm_execpath;
  const code =
    npm && /\.[cm]?js$/.test(npm)
      ? await runNode([npm, ...args])
      : process.platform === 'win32'
        ? await run('cmd.exe', ['/d', '/s', '/c', `npm ${args.join(' ')}`])
        : await run('npm', args);
  if (code !== 0) fail('npm ci did not succeed: see its message above', code);
}

/** Node checked, packages installed when missing or changed, dist/ built when a source changed. */
export async function prepare() {
  checkNode();
  await install();
  const code = await runNode(['runner/build/build.mjs']);
  if (code !== 0) fail('the build did not succeed: see the message above', code);
}

/** The demo market, written when missing or of another version; returns the exit code. */
export const writeDemoMarket = (folder) => runNode(['runner/bin/qrun.mjs', 'data', 'demo', folder]);
