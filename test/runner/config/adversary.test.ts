import { basename, dirname } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { UserError, UserErrors } from '../../../components/core/errors.ts';
import { openData } from '../../../components/data/folder-provider.ts';
import {
  checkAll,
  formatErrors,
  formatWarnings,
  readWorkflow,
  type Workflow,
} from '../../../runner/config/index.ts';
import { fullCatalogue } from '../../../runner/context.ts';
import { goldensData } from '../../goldens/support.ts';
import { type AdversaryCase, casesOf, corpora, lacking, layOut, type Sandbox } from './adversary-support.ts';

const provider = goldensData();
const folders = corpora();
const isRoot = process.getuid?.() === 0;

/** Cases that only a run can decide, or this user cannot stage. */
const elsewhere: Readonly<Record<string, string>> = {
  '225': 'the server refuses when the run begins',
  ...(isRoot ? { '279': 'nothing is unreadable for root' } : {}),
};

interface Verdict {
  readonly outcome: 'ok' | 'error';
  readonly errors: string;
  readonly warnings: string;
}

async function check(test: AdversaryCase, box: Sandbox): Promise<Verdict> {
  let workflow: Workflow | undefined;
  try {
    workflow = await readWorkflow(box.config, { env: test.env ?? {}, cwd: box.cwd });
    const { errors, warnings } = await checkAll(workflow, {
      catalogue: fullCatalogue,
      cwd: box.cwd,
      home: box.root,
      open: openData,
    });
    return {
      outcome: errors.length > 0 ? 'error' : 'ok',
      errors: formatErrors(errors, workflow),
      warnings: formatWarnings(warnings, workflow),
    };
  } catch (error) {
    if (!(error instanceof UserError || error instanceof UserErrors)) throw error;
    const errors = error instanceof UserErrors ? error.errors : [error];
    return { outcome: 'error', errors: formatErrors(errors, workflow), warnings: '' };
  }
}

describe.skipIf(folders.length === 0 || provider === undefined)(
  'check of hostile workflows (needs ../shared)',
  () => {
    let box: Sandbox | undefined;
    afterEach(() => box?.remove());

    for (const folder of folders)
      for (const test of casesOf(folder)) {
        const name = `${basename(dirname(folder))} ${test.file}`;
        if (Object.hasOwn(elsewhere, test.id)) {
          it.todo(`${name}: ${elsewhere[test.id]}`);
          continue;
        }
        it(name, async () => {
          box = layOut(test, folder, provider!);
          const { outcome, errors, warnings } = await check(test, box);
          const text = `${errors}\n${warnings}`.replaceAll(box.root, '<box>');
          for (const pattern of test.must_not_match ?? []) expect(text).not.toMatch(new RegExp(pattern, 'i'));
          if (outcome === 'error') {
            expect(test.expect, text).toContain('error');
            expect(lacking(test, text, 'error'), text).toEqual([]);
          } else if (!test.expect.includes('ok')) {
            expect(test.expect, text).toContain('warning');
            const told = warnings.split(/^(?=warning: )/m);
            const best = told.map((w) => lacking(test, w, 'warning')).sort((a, b) => a.length - b.length)[0];
            expect(best, text).toEqual([]);
          }
        });
      }
  },
);
