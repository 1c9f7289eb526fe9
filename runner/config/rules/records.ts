import { UserError } from '../../../components/core/errors.ts';
import type { FoundComponent } from '../check-component.ts';

const writers = ['SignalRecord', 'HFSignalRecord'];
const readers = ['SigAnaRecord', 'PortAnaRecord', 'MultiPassPortAnaRecord', 'SignalMseRecord'];

/** Records that need the predictions before there are any. qlib skips them with a line in the log. */
export function checkRecords(
  records: readonly FoundComponent[],
  isKnown: (record: FoundComponent) => boolean,
): UserError[] {
  const errors: UserError[] = [];
  for (const [i, record] of records.entries()) {
    const before = records.slice(0, i);
    if (!readers.includes(record.name) || before.some((r) => writers.includes(r.name) || !isKnown(r)))
      continue;
    errors.push(
      new UserError(`${record.name} needs pred.pkl, which no record before it writes`, {
        hint: 'put SignalRecord before it',
        path: record.path,
      }),
    );
  }
  return errors;
}
