import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { packageRoot } from '../../../components/core/package-root.ts';

/** One case of the shared corpus of hostile and honest workflows; see its README. */
export interface AdversaryCase {
  readonly id: string;
  readonly file: string;
  readonly class: string;
  readonly expect: readonly ('ok' | 'warning' | 'error')[];
  readonly message: readonly string[];
  readonly key_path?: readonly string[];
  readonly line?: readonly number[];
  readonly suggest?: string;
  readonly must_not_match?: readonly string[];
  readonly setup?: readonly (readonly string[])[];
  readonly env?: Readonly<Record<string, string>>;
  readonly files?: readonly string[];
  readonly files_dir?: string;
  readonly run_as?: string;
  readonly cmd_args?: string;
}

/** Folders of the corpus that lie beside the repository. */
export function corpora(): string[] {
  const root = join(packageRoot(), '..', 'shared', 'adversary');
  if (!existsSync(root)) return [];
  return readdirSync(root)
    .map((name) => join(root, name, 'configs'))
    .filter((folder) => existsSync(join(folder, 'expected.json')));
}

export function casesOf(folder: string): AdversaryCase[] {
  const { cases } = JSON.parse(readFileSync(join(folder, 'expected.json'), 'utf8')) as {
    cases: AdversaryCase[];
  };
  return cases;
}

export interface Sandbox {
  readonly root: string;
  readonly config: string;
  readonly cwd: string;
  remove(): void;
}

/** Lays a case out as run_configs.py does: neutral file name, tokens filled in, the files that it needs. */
export function layOut(test: AdversaryCase, folder: string, provider: string): Sandbox {
  const root = mkdtempSync(join(tmpdir(), `c${test.id}-`));
  const tokens = {
    PROVIDER: provider,
    MARKER: join(root, 'marker'),
    SANDBOX: root,
    CANARY: `http://127.0.0.1:9/${test.id}`,
  };
  for (const name of ['conf', 'cwd']) mkdirSync(join(root, name));
  const name = test.run_as ?? `c${test.id}.yaml`;
  const config = join(root, 'conf', name);
  const source = join(folder, test.file);
  if (existsSync(source)) writeFileSync(config, fill(readFileSync(source), tokens));
  if (test.files_dir) copyInto(join(folder, test.files_dir), join(root, 'conf'), tokens);
  const base = fill(readFileSync(join(folder, 'base.yaml')), tokens);
  for (const [what = '', given = '', text = ''] of test.setup ?? []) {
    if (what === 'mkdir') mkdirSync(join(root, given));
    else if (what === 'write') writeFileSync(join(root, given), text);
    else if (what === 'mkdirconf') mkdirSync(config);
    else if (what === 'symlink') symlinkSync(given, config);
    else if (what === 'symloop') symlinkSync(basename(config), config);
    else if (what === 'gen') writeFileSync(config, generate(given, base));
    else if (what === 'pickle') writeFileSync(join(root, given), "cos\nsystem\n(S'true'\ntR.");
  }
  return {
    root,
    config,
    cwd: join(root, 'cwd'),
    remove: () => rmSync(root, { recursive: true, force: true }),
  };
}

function fill(bytes: Buffer, tokens: Readonly<Record<string, string>>): Buffer {
  let text = bytes.toString('latin1');
  for (const [name, value] of Object.entries(tokens)) {
    text = text.replaceAll(`{{${name}}}`, value);
    const wide = (s: string) => Buffer.from(s, 'utf16le').toString('latin1');
    text = text.replaceAll(wide(`{{${name}}}`), wide(value));
  }
  return Buffer.from(text, 'latin1');
}

function copyInto(from: string, to: string, tokens: Readonly<Record<string, string>>): void {
  for (const entry of readdirSync(from, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    const target = join(to, path.slice(from.length + 1));
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, fill(readFileSync(path), tokens));
  }
}

function generate(kind: string, base: Buffer): Buffer {
  const text = base.toString('latin1');
  const makers: Readonly<Record<string, () => string>> = {
    comments50: () => text + `# ${'-'.repeat(97)}\n`.repeat(500_000),
    scalar50: () => `${text}notes: "${'x'.repeat(50_000_000)}"\n`,
    deeplist: () => `${text}deep: ${'['.repeat(100_000)}${']'.repeat(100_000)}\n`,
    deepmap: () => `${text}deep: ${'{a: '.repeat(100_000)}1${'}'.repeat(100_000)}\n`,
    manykeys: () =>
      `${text}many:\n${Array.from({ length: 1_000_000 }, (_, i) => `    key${String(i).padStart(7, '0')}: ${i}\n`).join('')}`,
    manyrecords: () => text + '        - {}\n'.repeat(1_000_000),
    quadratic: () =>
      `big: &big [${Array.from({ length: 20_000 }, (_, i) => i).join(', ')}]\nlots: [${Array.from({ length: 50_000 }, () => '*big').join(', ')}]\n${text}`,
  };
  return Buffer.from(makers[kind]!(), 'latin1');
}

const suggestWords =
  '(?:did you mean|do you mean|perhaps|similar|closest|nearest|maybe|instead|allowed|expected|available|one of|known|valid|must be|supported|choose|try|use|meant|match)';

/** What is missing in `text` of all that a message must say; the rules of run_configs.py. */
export function lacking(test: AdversaryCase, text: string, outcome: 'error' | 'warning'): string[] {
  const missing: string[] = [];
  for (const pattern of test.message) if (!new RegExp(pattern, 'i').test(text)) missing.push(`/${pattern}/`);
  if (test.key_path && !test.key_path.some((path) => pathPattern(path).test(text)))
    missing.push(`key path ${test.key_path[0]}`);
  if (test.suggest !== undefined) {
    const pattern = `${suggestWords}[\\s\\S]{0,240}?(?<![\\w$])${literal(test.suggest)}(?!\\w)`;
    if (!new RegExp(pattern, 'i').test(text)) missing.push(`suggestion ${test.suggest}`);
  }
  const lines = test.line?.map((n) => new RegExp(`(?:\\.ya?ml\\S{0,4}:|\\bline:? *|\\bln\\.? *)${n}\\b`));
  if (lines && !lines.some((line) => line.test(text))) missing.push(`line ${test.line?.join('/')}`);
  const names = [test.run_as ?? `c${test.id}.yaml`, ...(test.files ?? []).map((f) => basename(f))];
  if (outcome === 'error' && !test.key_path && !lines && !names.some((name) => text.includes(name)))
    missing.push('name of the file');
  return missing;
}

const literal = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

function pathPattern(path: string): RegExp {
  return new RegExp(`(?<!\\w)${path.split('.').map(literal).join('[.\\s/\\[\\]\'"]{1,4}')}(?!\\w)`);
}
