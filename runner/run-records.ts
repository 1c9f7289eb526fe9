import type { KeyPath } from '../components/core/errors.ts';
import type { Log } from '../components/core/log.ts';
import { recordCatalogue } from '../records/catalogue.ts';
import type { RecordTemplate } from '../records/record.ts';
import { readSpec } from './config/spec.ts';
import type { RunConsole } from './console.ts';
import { HeldLog } from './held-log.ts';

export interface RecordSpec {
  readonly name: string;
  readonly spec: unknown;
  readonly path: KeyPath;
}

export interface RecordsOptions {
  readonly records: readonly RecordSpec[];
  readonly console: RunConsole;
  readonly now: () => number;
  /** Makes a record; what it logs goes to `log`. */
  make(record: RecordSpec, log: Log): Promise<RecordTemplate>;
  /** Generates it; errors get their place. */
  generate(template: RecordTemplate, record: RecordSpec): Promise<void>;
  /** Called when all records that work beside each other have begun. */
  onBegun?(): void;
}

/** A record that is made, or could not be, and may have begun to work. */
interface Opened {
  readonly log: HeldLog;
  readonly began: number;
  readonly record: Promise<RecordTemplate>;
  readonly work: Promise<void>;
}

/**
 * Generates records one after the other. Those of our own that say so begin to work together with the ones in front of them that do, each on its
 * threads or while others wait; they still write, speak and fail in their order, as if they had begun then.
 */
export async function runRecords(options: RecordsOptions): Promise<void> {
  const { records, console } = options;
  const ahead: Opened[] = [];
  try {
    for (const [at, record] of records.entries()) {
      if (ahead.length === 0) {
        ahead.push(await open(record, options));
        if (await beginsEarly(record)) {
          for (const next of records.slice(at + 1)) {
            if (!(await beginsEarly(next))) break;
            ahead.push(await open(next, options));
          }
          options.onBegun?.();
        }
      }
      const { log, began, record: made } = ahead[0]!;
      log.release();
      const template = await made;
      await console.stage(record.name, () => options.generate(template, record), { began });
      ahead.shift();
    }
  } finally {
    // nothing of a run goes on behind its end
    await Promise.all(ahead.map(({ work }) => work));
  }
}

/** Makes the record and lets it begin; what goes wrong is kept until its turn. */
async function open(spec: RecordSpec, { make, now, console }: RecordsOptions): Promise<Opened> {
  const log = new HeldLog(console);
  const record = make(spec, log);
  const began = now();
  const work = record.then(
    (template) => template.begin?.(),
    () => undefined,
  );
  await record.catch(() => undefined);
  return { log, began, record, work };
}

/** A class of our own, known as such without being made. */
async function beginsEarly({ spec }: RecordSpec): Promise<boolean> {
  const read = readSpec('record', spec, []);
  const entry = recordCatalogue.find(
    ({ name, modulePaths }) =>
      name === read?.name && (read.module === undefined || modulePaths.includes(read.module)),
  );
  return entry !== undefined && 'beginsEarly' in (await entry.load());
}
