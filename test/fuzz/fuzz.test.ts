import fc from 'fast-check';
import { afterAll, describe, it } from 'vitest';
import type { FuzzTarget } from './target.ts';
import { csv } from './targets/csv.ts';
import { dataFolder } from './targets/data-folder.ts';
import { expression } from './targets/expression.ts';
import { pickle } from './targets/pickle.ts';
import { search } from './targets/search.ts';
import { server } from './targets/server.ts';
import { workflow } from './targets/workflow.ts';
import { wrongValues } from './targets/wrong-values.ts';

// FUZZ_MS: how long each target is tried; else a number of inputs from the same seed every time
const given = Number(process.env['FUZZ_MS']);
const long = given > 0 ? given : undefined;

function fuzz<T>({ name, inputs, check, runs, close }: FuzzTarget<T>): void {
  describe(name, () => {
    if (close) afterAll(close);
    it(
      'are read or refused',
      async () => {
        await fc.assert(
          fc.asyncProperty(inputs, async (input) => check(input)),
          long === undefined
            ? { numRuns: runs, seed: 1 }
            : {
                numRuns: Number.MAX_SAFE_INTEGER,
                interruptAfterTimeLimit: long,
                markInterruptAsFailure: false,
              },
        );
      },
      long === undefined ? 60_000 : long + 120_000,
    );
  });
}

for (const run of [
  () => fuzz(workflow),
  () => fuzz(wrongValues),
  () => fuzz(expression),
  () => fuzz(search),
  () => fuzz(pickle),
  () => fuzz(dataFolder),
  () => fuzz(server),
  () => fuzz(csv),
])
  run();
