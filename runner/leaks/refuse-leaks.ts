import { UserError } from '../../components/core/errors.ts';
import type { RunRequest, runWorkflow } from '../workflow.ts';
import { leakText } from './leak-text.ts';
import { proveLeaks } from './prove-leaks.ts';

/** `leak: fail` in a workflow: ends the run before it begins where anything looks ahead. @throws UserError */
export async function refuseLeaks(
  { hooks: _, terminal: __, verbose: ___, ...request }: RunRequest,
  run: typeof runWorkflow,
): Promise<void> {
  const proof = await proveLeaks({ request, run, count: 3, say() {} });
  if (proof.differences.length === 0) return;
  const [problem = '', ...lines] = leakText(proof);
  throw new UserError(problem, { hint: lines.join('\n').trim(), path: ['leak'] });
}
