import { type BacktestResult, normalBacktest } from '../../components/backtest/run.ts';
import type { Context } from '../../components/core/context.ts';
import { lowerBound, type Time } from '../../components/core/dates.ts';
import { UserError } from '../../components/core/errors.ts';
import type { Panel } from '../../components/core/panel.ts';
import { fillPred } from './fill-pred.ts';
import type { PortConfig } from './options.ts';

/** Runs the backtest that a config describes, with the prediction put in. Open dates become those of the prediction. */
export async function runBacktest(
  context: Context,
  { strategy, executor, backtest }: Required<PortConfig>,
  pred: Panel,
): Promise<BacktestResult> {
  const options = {
    ...backtest,
    start_time: backtest.start_time ?? firstTime(pred),
    end_time: backtest.end_time ?? (await dayAfter(context, lastTime(pred))),
    strategy: fillPred(strategy, pred),
    executor: fillPred(executor, pred),
  };
  try {
    return await normalBacktest(context, options, ['config']);
  } catch (error) {
    throw error instanceof UserError ? placed(error) : error;
  }
}

/** The engine takes strategy, executor and times as one: in the config the times stand one level deeper. */
function placed(error: UserError): UserError {
  const [first, second, ...rest] = error.path;
  if (first !== 'config' || second === undefined || second === 'strategy' || second === 'executor')
    return error;
  const { problem, hint, cause } = error;
  return new UserError(problem, { hint, cause, path: ['config', 'backtest', second, ...rest] });
}

function firstTime({ index }: Panel): Time {
  const [first] = index.times;
  if (first === undefined) throw new UserError('the prediction has no row', { hint: 'see pred.pkl' });
  return first;
}

function lastTime({ index }: Panel): Time {
  return index.times.at(-1)!;
}

/** The trading day behind a time, or the last one there is: where qlib 0.9.7 ends a backtest without `end_time`. */
async function dayAfter({ data }: Context, time: Time): Promise<Time> {
  const days = await data.calendar();
  const at = lowerBound(days, time);
  return days[Math.min(at + 1, days.length - 1)] ?? time;
}
