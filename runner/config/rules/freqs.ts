import { type KeyPath, UserError } from '../../../components/core/errors.ts';
import type { DataProvider } from '../../../components/data/provider.ts';
import type { Rule } from './scene.ts';
import { valueAt } from './walk.ts';

/** Frequencies of handlers and exchanges that the data have not, and that nothing finer can be made into. */
export const checkFreqsInData: Rule = async ({ data, handlers, records }, { errors }) => {
  for (const { kwargs, kwargsPath } of handlers)
    errors.push(...(await missing(data, kwargs['freq'], [...kwargsPath, 'freq'])));
  for (const { kwargs, kwargsPath } of records) {
    const path = ['config', 'backtest', 'exchange_kwargs', 'freq'];
    errors.push(...(await missing(data, valueAt(kwargs, path), [...kwargsPath, ...path])));
  }
};

async function missing(data: DataProvider, freq: unknown, path: KeyPath): Promise<UserError[]> {
  if (typeof freq !== 'string') return [];
  try {
    await data.calendar({ freq });
    return [];
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return [new UserError(error.problem, { hint: error.hint, path })];
  }
}
