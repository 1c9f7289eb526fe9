import { UserError } from '../../components/core/errors.ts';
import type { CatalogueEntry } from '../../components/core/registry.ts';
import type { OperatorSet } from '../../components/data/expression/operator-set.ts';
import type { DataProvider } from '../../components/data/provider.ts';
import { checkWorkflow } from './check.ts';
import { checkAgainstData } from './check-data.ts';
import { operatorsWhereNamed } from './has-own-operators.ts';
import { NotBuiltError } from './locate.ts';
import { settingsOf } from './settings.ts';
import type { Findings, Workflow } from './types.ts';

export interface CheckAllOptions {
  readonly catalogue: readonly CatalogueEntry[];
  readonly cwd: string;
  readonly home: string;
  /** Opens the data folders by frequency, see `QlibSettings.providerUri`. */
  open(
    folders: Readonly<Record<string, string>>,
    options: { readonly operators?: OperatorSet | undefined },
  ): DataProvider | Promise<DataProvider>;
}

export interface AllChecked extends Findings {
  /** Undefined where the folder could not be opened. */
  readonly data: DataProvider | undefined;
}

/**
 * `checkWorkflow`, then, where `qlib_init` is sound and every class is built, `checkAgainstData`: all mistakes at once.
 */
export async function checkAll(workflow: Workflow, options: CheckAllOptions): Promise<AllChecked> {
  const { errors, warnings } = await checkWorkflow(workflow, options.catalogue);
  const isOpenable =
    !errors.some(
      (e) =>
        e instanceof NotBuiltError ||
        (e.path[0] === 'qlib_init' && ['provider_uri', 'custom_ops'].includes(String(e.path[1]))),
    ) &&
    Object.hasOwn(workflow.config, 'qlib_init') &&
    !errors.some((e) => e.path.length === 1 && e.path[0] === 'qlib_init');
  if (!isOpenable) return { errors, warnings, data: undefined };
  let data: DataProvider;
  try {
    const operators = await operatorsWhereNamed(workflow);
    data = await options.open(settingsOf(workflow, options).qlib.providerUri, { operators });
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return { errors: [...errors, error.within(['qlib_init', 'provider_uri'])], warnings, data: undefined };
  }
  const more = await checkAgainstData(workflow, data);
  const isTold = (e: UserError) => errors.some((other) => other.path.join('\0') === e.path.join('\0'));
  return {
    errors: [...errors, ...more.errors.filter((e) => !isTold(e))],
    warnings: [...warnings, ...more.warnings],
    data,
  };
}
