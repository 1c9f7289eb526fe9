import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';

/** Artifacts that tell of the process rather than of its results: times, paths, threads. */
const ofTheProcess =
  /^(?:qrun\.log|environment\.json|stages\.json|config\.yaml|config|task|dataset|code_\w+\.txt|report\.html|profile\/.*)$/;

/** Hashes of everything that a run has computed, by name: its artifacts byte for byte, its metrics without their times, its data fingerprint. */
export function runFigures(run: string): Map<string, string> {
  const figures = new Map<string, string>();
  for (const file of filesBelow(join(run, 'artifacts')))
    if (!ofTheProcess.test(file))
      figures.set(`artifacts/${file}`, digest(readFileSync(join(run, 'artifacts', file))));
  for (const file of filesBelow(join(run, 'metrics'))) {
    const lines = readFileSync(join(run, 'metrics', file), 'utf8')
      .trimEnd()
      .split('\n');
    // time value step
    figures.set(
      `metrics/${file}`,
      digest(lines.map((line) => line.split(' ').slice(1).join(' ')).join('\n')),
    );
  }
  return figures;
}

/** Names whose figures are not the same in both. */
export function differing(a: ReadonlyMap<string, string>, b: ReadonlyMap<string, string>): string[] {
  return [...new Set([...a.keys(), ...b.keys()])].filter((name) => a.get(name) !== b.get(name)).sort();
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => statSync(join(folder, file)).isFile())
    .map((file) => relative('.', file))
    .sort();
}

const digest = (data: string | Uint8Array) => createHash('sha256').update(data).digest('hex');
