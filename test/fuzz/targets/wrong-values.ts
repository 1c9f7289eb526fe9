import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import type { KeyPath } from '../../../components/core/errors.ts';
import { packageRoot } from '../../../components/core/package-root.ts';
import { checkWorkflow, formatErrors, readWorkflow, settingsOf } from '../../../runner/config/index.ts';
import { walk } from '../../../runner/config/rules/walk.ts';
import { fullCatalogue } from '../../../runner/context.ts';
import { type FuzzTarget, refusedOr } from '../target.ts';

const configs = join(packageRoot(), 'configs');
const workflows = await Promise.all(
  readdirSync(configs)
    .filter((file) => file.startsWith('workflow_'))
    .map(async (file) => (await readWorkflow(file, { env: {}, cwd: configs })).config),
);

/** YAML of every kind of value, in places where it does not belong. */
const values = (
  'null|""|" "|[]|{}|word|-1|0|0.5|1e400|.nan|-.inf|true|[1]|[[]]|[null]|{a: 1}|{class: Nope}|{class: 5}|[{class: LinearModel}]|2018-06-01|2018-02-30|20180601|' +
  '123456789012345678901234567890|<PRED>|<MODEL>|<DATASET>|<task>|{__proto__: 1}|!!set {a}|"\\0"|"a\\nb"|../../..|$close|Mean($close|[[[[[1]]]]]|{? [a] : 1}|*nothing|&a [*a]'
).split('|');

interface Wrong {
  readonly workflow: number;
  readonly path: KeyPath;
  readonly value: string;
}

const inputs: fc.Arbitrary<Wrong> = fc.integer({ min: 0, max: workflows.length - 1 }).chain((workflow) =>
  fc.record({
    workflow: fc.constant(workflow),
    path: fc.constantFrom(...pathsOf(workflows[workflow]!)),
    value: fc.constantFrom(...values),
  }),
);

function pathsOf(tree: unknown): KeyPath[] {
  const paths: KeyPath[] = [];
  walk(tree, [], (_, path) => void paths.push(path));
  return paths;
}

/** The tree as YAML in one line, with `value` as it is in place of what stands at `path`. */
function textOf(tree: unknown, path: KeyPath | undefined, value: string): string {
  if (path?.length === 0) return value;
  const below = (key: string | number) => (path?.[0] === key ? path.slice(1) : undefined);
  if (Array.isArray(tree)) return `[${tree.map((item, i) => textOf(item, below(i), value)).join(', ')}]`;
  if (typeof tree !== 'object' || tree === null) return JSON.stringify(tree);
  const entries = Object.entries(tree).map(
    ([key, item]) => `${JSON.stringify(key)}: ${textOf(item, below(key), value)}`,
  );
  return `{${entries.join(', ')}}`;
}

const folder = mkdtempSync(join(tmpdir(), 'qrun-fuzz-'));
const file = join(folder, 'w.yaml');

/** Workflows of which one value is of another kind than it should be: told, or taken. */
export const wrongValues: FuzzTarget<Wrong> = {
  name: 'values of the wrong kind',
  inputs,
  runs: 250,
  async check({ workflow, path, value }) {
    writeFileSync(file, textOf(workflows[workflow], path, value));
    await refusedOr(async () => {
      const read = await readWorkflow(file, { env: {}, cwd: folder });
      const { errors, warnings } = await checkWorkflow(read, fullCatalogue);
      formatErrors([...errors, ...warnings], read);
      if (errors.length === 0) settingsOf(read, { cwd: folder, home: folder });
    });
  },
  close: () => rmSync(folder, { recursive: true, force: true }),
};
