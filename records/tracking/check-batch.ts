import { invalid } from './errors.ts';
import { checkEntry, checkKey } from './names.ts';
import type { LogBatch } from './store.ts';

/** Refuses a batch before anything of it is written. @throws TrackingError for names, numbers, texts and changed params. */
export function checkBatch({ params = [], metrics = [], tags = [] }: LogBatch): void {
  const values = new Map<string, string>();
  for (const [key, value] of params) {
    checkEntry('param', key, value);
    const before = values.get(key);
    if (before !== undefined && before !== value) throw changedParam(key, before, value);
    values.set(key, value);
  }
  let last: string | undefined;
  for (const { key, value, timestamp, step } of metrics) {
    if (key !== last) checkKey('metric', (last = key));
    if (typeof value !== 'number')
      throw invalid(`metric "${key}" is ${JSON.stringify(value)}`, 'a metric is a number');
    if (!Number.isSafeInteger(step))
      throw invalid(`step ${step} of metric "${key}"`, 'a step is a whole number');
    if (!Number.isSafeInteger(timestamp) || timestamp < 0)
      throw invalid(
        `timestamp ${timestamp} of metric "${key}"`,
        'a timestamp is in whole milliseconds, from 0',
      );
  }
  for (const [key, value] of tags) checkEntry('tag', key, value);
}

export function changedParam(key: string, known: string, value: string): Error {
  const short = (text: string) => JSON.stringify(text.length > 100 ? `${text.slice(0, 100)}...` : text);
  return invalid(
    `param "${key}" was logged as ${short(known)} and cannot become ${short(value)}`,
    'Changing param values is not allowed: use another name, a tag, or another run',
  );
}
