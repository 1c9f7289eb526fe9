import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { packageRoot } from '../../../components/core/package-root.ts';

interface LockedPackage {
  readonly version?: string;
  readonly resolved?: string;
  readonly integrity?: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

const read = (file: string) => JSON.parse(readFileSync(join(packageRoot(), file), 'utf8'));

describe('package-lock.json', () => {
  const packages = read('package-lock.json').packages as Readonly<Record<string, LockedPackage>>;
  const entries = Object.entries(packages).filter(([place]) => place !== '');

  it('is what package.json asks for', () => {
    const { dependencies, devDependencies } = read('package.json');
    expect(packages['']!.dependencies).toEqual(dependencies);
    expect(packages['']!.devDependencies).toEqual(devDependencies);
  });

  it('names no addresses, and the content of every package', () => {
    expect(entries.filter(([, { resolved }]) => resolved !== undefined).map(([place]) => place)).toEqual([]);
    expect(entries.filter(([, { integrity }]) => !integrity).map(([place]) => place)).toEqual([]);
  });

  // npm ci refuses a lock without them, and other platforms could not install
  it('has the packages of every platform', () => {
    const missing = entries.flatMap(([place, { version, optionalDependencies = {} }]) =>
      Object.keys(optionalDependencies)
        .filter((name) => !entries.some(([other]) => other.endsWith(`node_modules/${name}`)))
        .map((name) => `${name} of ${place} ${version}`),
    );
    expect(missing).toEqual([]);
  });
});
