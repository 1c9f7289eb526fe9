import { UserError } from '../../../components/core/errors.ts';
import { editDistance } from '../../../components/core/nearest.ts';
import type { Workflow } from '../types.ts';
import { initKeys, taskKeys, topKeys } from '../workflow-schema.ts';

/**
 * Top-level keys that mean nothing: qlib's workflows keep anchors there (`market: &market csi300`), so any name may stand there, but not one that is a
 * known key misspelt or a key of `task` or `qlib_init` that stands too far left.
 */
export function checkTopKeys(workflow: Workflow): UserError[] {
  const { config } = workflow;
  const errors: UserError[] = [];
  for (const key of Object.keys(config)) {
    if (topKeys.includes(key) || workflow.isReferenced(key)) continue;
    const near = topKeys.find((known) => isMisspelt(key, known));
    if (near !== undefined && !Object.hasOwn(config, near))
      errors.push(
        unknown(key, `did you mean "${near}"? allowed: ${topKeys.join(', ')}, and names that hold an anchor`),
      );
    else if (near !== undefined)
      errors.push(unknown(key, `did you mean "${near}"? it stands there too: remove one of them`));
    else if (taskKeys.some((known) => isMisspelt(key, known))) errors.push(displaced(key, 'task', taskKeys));
    else if (initKeys.some((known) => isMisspelt(key, known)))
      errors.push(displaced(key, 'qlib_init', initKeys));
  }
  return errors;
}

const unknown = (key: string, hint: string) =>
  new UserError(`unknown key "${key.slice(0, 100)}"`, { hint, path: [key] });

function displaced(key: string, parent: string, known: readonly string[]): UserError {
  const near = known.find((k) => isMisspelt(key, k));
  return unknown(key, `did you mean "${near}" below ${parent}? indent it there`);
}

/** One slip in a short word, two in a longer one; case, `-` and `_` do not count. */
function isMisspelt(given: string, known: string): boolean {
  const plain = (text: string) => text.toLowerCase().replace(/[-_ ]/g, '');
  const [a, b] = [plain(given), plain(known)];
  if (Math.abs(a.length - b.length) > 3) return false;
  return editDistance(a, b) <= (b.length <= 6 ? 1 : b.length <= 10 ? 2 : 3);
}
