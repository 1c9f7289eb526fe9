import { parseTime } from '../../components/core/dates.ts';
import { UserError } from '../../components/core/errors.ts';
import { explain } from '../explain/explain.ts';
import { recorderOf } from '../explain/recorder-of.ts';
import { explanationText } from '../explain/text.ts';
import { print, type StoreFlags, withStore } from './runs/open.ts';

export interface ExplainFlags extends StoreFlags {
  readonly run: string;
  readonly instrument: string;
  readonly date: string;
  /** Only so many features. */
  readonly top?: number;
  readonly json?: boolean;
}

/** `qrun explain RUN --instrument X --date D`: bar, features, processors, score, rank, orders, cash. */
export function explainCommand(flags: ExplainFlags): Promise<number> {
  const time = parseTime(flags.date);
  if (time === undefined)
    throw new UserError(`--date is "${flags.date}"`, { hint: 'a day such as 2020-01-31 is needed' });
  return withStore(flags, async (store) => {
    const recorder = await recorderOf(store, flags);
    const warn = (text: string) => void process.stderr.write(`warning: ${text}\n`);
    const log = { info() {}, metric() {}, progress() {}, warn };
    const explanation = await explain({ recorder, store, log, instrument: flags.instrument, time });
    print(
      flags.json
        ? JSON.stringify(explanation, null, 2)
        : explanationText(explanation, { top: flags.top }).trimEnd(),
    );
    return 0;
  });
}
