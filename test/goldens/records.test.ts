import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { newFolder, newR } from '../records/tracking/support.ts';
import { describeScenarios } from './records/describe-scenarios.ts';
import { describeStore } from './records/describe-store.ts';
import { experimentChecks } from './records/experiment-checks.ts';
import { kinderChecks, kinderParts } from './records/kinder-checks.ts';
import { loggingChecks } from './records/logging-checks.ts';
import { goldensData, goldensRoot, readJson } from './support.ts';

const root = goldensRoot();
const home = root ? join(root, 'backtest') : '';
const checks = { ...experimentChecks, ...loggingChecks };

/** Errors count as such, whatever their class; Python's `null` keys stay. */
function reduced(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reduced);
  if (typeof value !== 'object' || value === null) return value;
  if ('raises' in value && typeof value.raises === 'string' && 'mro' in value) return { raises: true };
  return Object.fromEntries(
    Object.entries(value).map(([k, v]) => [k, k === 'raises' && typeof v === 'string' ? true : reduced(v)]),
  );
}

/** Names of users differ. */
function anyUser(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value, (key, v: unknown) => (key === 'user_id' ? 'USER' : v)));
}

describe.skipIf(!existsSync(join(home, 'recorder_checks.json')))(
  'R, experiments and recorders against qlib (skipped without goldens)',
  () => {
    const file = join(home, 'recorder_checks.json');
    const cases = existsSync(file)
      ? readJson<{ checks: { name: string; outcome: unknown }[] }>(file).checks
      : [];
    for (const { name, outcome } of cases) {
      const kinder = kinderChecks[name];
      const check = checks[name];
      if (!kinder && !check) it.todo(`${name}: a case that this test does not know`);
      else
        it(name, async () => {
          const { R, folder } = newR();
          const store = join(folder, '..');
          const mask = (value: unknown) =>
            String(value)
              .replaceAll(store, 'STORE')
              .replace(/\/\d{18}\//, '/EXP1/')
              .replace(/\/[0-9a-f]{32}/, '/RUN1');
          const tools = { R, folder: newFolder(), mask };
          if (kinder) return kinder.check(tools);
          const ours = await check!(tools);
          const wanted =
            typeof outcome === 'object' && outcome !== null && !Array.isArray(outcome)
              ? { ...outcome, ...kinderParts[name] }
              : outcome;
          return expect(anyUser(ours)).toEqual(anyUser(reduced(wanted)));
        });
    }
  },
);

describeStore(home);
describeScenarios(home, goldensData());
