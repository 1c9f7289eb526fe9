import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { packageRoot } from '../../../components/core/package-root.ts';

/** Licences under which code may be used by MIT-licensed code and passed on with it. */
const compatible = new Set(
  [
    '0BSD',
    'Apache-2.0',
    'BSD-2-Clause',
    'BSD-3-Clause',
    'BlueOak-1.0.0',
    'CC0-1.0',
    'ISC',
    'MIT',
    'PSF-2.0',
  ].concat('Unlicense'),
);

interface Package {
  readonly name?: string;
  readonly license?: unknown;
  readonly licenses?: readonly { readonly type?: string }[];
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

const read = (file: string) => JSON.parse(readFileSync(file, 'utf8')) as Package;

/** Folders of the packages that a package needs at run time, found as Node finds them. */
function productionFolders(): string[] {
  const found = new Set<string>();
  const visit = (folder: string) => {
    const { dependencies = {}, optionalDependencies = {} } = read(join(folder, 'package.json'));
    for (const name of Object.keys({ ...dependencies, ...optionalDependencies })) {
      const place = placeOf(folder, name);
      // optional ones for other platforms are not installed
      if (place === undefined || found.has(place)) continue;
      found.add(place);
      visit(place);
    }
  };
  visit(packageRoot());
  return [...found];
}

function placeOf(folder: string, name: string): string | undefined {
  for (let at = folder; at.length >= packageRoot().length; at = join(at, '..')) {
    const place = join(at, 'node_modules', name);
    if (existsSync(join(place, 'package.json'))) return place;
  }
  return undefined;
}

/** What package.json says, else the title of the licence file. */
function licensed(folder: string): Package {
  const found = read(join(folder, 'package.json'));
  if (found.license !== undefined || found.licenses !== undefined) return found;
  const file = readdirSync(folder).find((name) => /^licen[cs]e/i.test(name));
  const isMIT = file !== undefined && /^\s*The MIT License/.test(readFileSync(join(folder, file), 'utf8'));
  return isMIT ? { ...found, license: 'MIT' } : found;
}

/** `MIT`, `(MIT OR GPL-3.0)`; what a package says in the old form as well. */
function isCompatible({ license, licenses }: Package): boolean {
  const text =
    typeof license === 'string'
      ? license
      : typeof license === 'object' && license !== null && 'type' in license
        ? String(license.type)
        : (licenses?.map(({ type }) => type).join(' OR ') ?? '');
  const names = (part: string) =>
    part
      .replace(/[()]/g, '')
      .trim()
      .split(/\s+AND\s+/);
  return text.split(/\s+OR\s+/).some((choice) => names(choice).every((name) => compatible.has(name)));
}

describe('packages that run with qrun', () => {
  it('have licences that go with its own', () => {
    const folders = productionFolders();
    expect(folders.length).toBeGreaterThan(20);
    const others = folders.map(licensed).filter((p) => !isCompatible(p));
    expect(others.map(({ name, license }) => `${name}: ${JSON.stringify(license)}`)).toEqual([]);
  });

  it('are each told of in ARCHITECTURE.md', () => {
    const text = readFileSync(join(packageRoot(), 'ARCHITECTURE.md'), 'utf8');
    const table = text.slice(text.indexOf('## Dependencies'));
    const { dependencies, devDependencies } = read(join(packageRoot(), 'package.json')) as Package & {
      devDependencies: Record<string, string>;
    };
    const names = Object.keys({ ...dependencies, ...devDependencies });
    expect(names.filter((name) => !table.includes(name))).toEqual([]);
  });

  it('are bundled with their licences', () => {
    const built = join(packageRoot(), process.env['QRUN_DIST'] || 'dist', 'LICENSES.txt');
    const text = readFileSync(built, 'utf8');
    const chunks = join(built, '../chunks');
    const inside = new Set<string>();
    for (const chunk of readdirSync(chunks))
      for (const [, name] of readFileSync(join(chunks, chunk), 'utf8').matchAll(
        /^\/\/ (?:.*\/)?node_modules\/((?:@[^/]+\/)?[^/]+)\//gm,
      ))
        inside.add(name!);
    expect(inside.size).toBeGreaterThan(0);
    expect([...inside].filter((name) => !text.includes(`${name} `))).toEqual([]);
  });
});
