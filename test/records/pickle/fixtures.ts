import { readFileSync } from 'node:fs';

interface Fixture {
  readonly name: string;
  /** base64 by protocol. */
  readonly pickles: Readonly<Record<string, string>>;
}

export const pandasVersions = ['1.5', '2.2', '3.1'] as const;

/** Pickles of the same values by one version of pandas (test/parity/make_pickles.py). */
export function pandasPickles(
  version: (typeof pandasVersions)[number],
): { name: string; protocol: string; bytes: Uint8Array }[] {
  const url = new URL(`./fixtures/pandas-${version}.json`, import.meta.url);
  const fixtures = JSON.parse(readFileSync(url, 'utf8')) as Fixture[];
  return fixtures.flatMap(({ name, pickles }) =>
    Object.entries(pickles).map(([protocol, text]) => ({
      name,
      protocol,
      bytes: Buffer.from(text, 'base64'),
    })),
  );
}
