import type { Log } from '../../components/core/log.ts';
import type { TaskRunner, WorkerPool } from '../../components/core/workers.ts';
import { hashReads, type KnownHashes } from '../../components/data/fingerprint.ts';
import type { PackedFingerprint } from '../../components/data/packed-fingerprint.ts';
import type { DataProvider, DataReads } from '../../components/data/provider.ts';
import type { Recorder } from '../../records/tracking/recorder.ts';
import type { StageTime } from '../console.ts';
import { isLost } from '../lost-run.ts';
import { systemRefusal } from '../system-error.ts';
import type { RunSettings } from './environment.ts';
import { fingerprintFile, fingerprintTag } from './names.ts';
import { saveEnvironment } from './save-environment.ts';
import { stagesFile, stagesText } from './stages.ts';

export interface RunRecordOptions {
  readonly recorder: Recorder;
  readonly log: Log;
  readonly settings: RunSettings;
  /** Text of the artifact `config.yaml`. */
  readonly config: string;
}

export interface RunEndOptions {
  readonly stages: readonly StageTime[];
  readonly data: DataProvider;
  readonly pool: WorkerPool;
}

/**
 * What every run keeps without being asked: `config.yaml` and `environment.json` from its start, `stages.json` as far as it has come, the fingerprint of the data from its end.
 * A run does not fail for want of these: what cannot be written is a warning.
 */
export class RunRecord {
  readonly #options: RunRecordOptions;
  readonly #environment: Promise<void>;
  readonly #hashes: KnownHashes = new Map();
  #hashing: Promise<void> | undefined;
  #packed: { readonly of: DataReads; readonly value: Promise<PackedFingerprint> } | undefined;
  #ended: Promise<void> | undefined;
  #stages: Promise<void> = Promise.resolve();

  private constructor(options: RunRecordOptions) {
    this.#options = options;
    this.#environment = this.#saveEnvironment();
  }

  /** Writes the config at once; the environment, for which git is asked, while the run goes on. */
  static async start(options: RunRecordOptions): Promise<RunRecord> {
    const record = new RunRecord(options);
    await options.recorder.saveObjects({ 'config.yaml': options.config });
    return record;
  }

  /** Begins to hash what was read so far, on threads that have nothing else to do; what `end` then need not do. */
  hashEarly({ data, pool }: Pick<RunEndOptions, 'data' | 'pool'>): void {
    const reads = data.reads?.();
    // what goes wrong here goes wrong at the end again, and is told there
    if (reads) this.#hashing ??= hashReads(reads, { pool: pool.beside, known: this.#hashes }).catch(() => {});
  }

  /** Begins the fingerprint itself on a thread; what `end` takes if nothing else was read by then. */
  printEarly({ data, pool }: Pick<RunEndOptions, 'data' | 'pool'>): void {
    const reads = data.reads?.();
    if (reads) this.#packedOf(reads, pool.beside).catch(() => {});
  }

  /** Writes `stages.json` after a stage began or ended: a run that is killed has what it did until then. */
  stagesChanged(stages: readonly StageTime[], running?: string): void {
    if (this.#ended) return;
    const text = stagesText(stages, running);
    this.#stages = this.#stages.then(() => this.#saveStages(text));
  }

  /** Of a run that failed too; once. */
  async end(options: RunEndOptions): Promise<void> {
    this.#ended ??= this.#save(options);
    await this.#ended;
  }

  async #save({ stages, data, pool }: RunEndOptions): Promise<void> {
    await this.#stages;
    await this.#saveStages(stagesText(stages));
    await this.#tolerant(fingerprintFile, () => this.#saveFingerprint(data, pool));
    await this.#environment;
  }

  async #saveEnvironment(): Promise<void> {
    const { recorder, settings } = this.#options;
    await this.#tolerant('environment.json', () => saveEnvironment(recorder, settings));
  }

  async #saveStages(text: string): Promise<void> {
    await this.#tolerant(stagesFile, () => this.#options.recorder.writeArtifact(stagesFile, text));
  }

  async #saveFingerprint(data: DataProvider, pool: WorkerPool): Promise<void> {
    const { recorder } = this.#options;
    const reads = data.reads?.();
    if (!reads || reads.frequencies.length === 0) return;
    const { root, bytes } = await this.#packedOf(reads, pool);
    await recorder.saveObjects({ [fingerprintFile]: bytes });
    await recorder.setTags({ [fingerprintTag]: root });
  }

  #packedOf(reads: DataReads, pool: TaskRunner): Promise<PackedFingerprint> {
    if (this.#packed && isSame(this.#packed.of, reads)) return this.#packed.value;
    const value = this.#pack(reads, pool);
    this.#packed = { of: reads, value };
    return value;
  }

  async #pack(reads: DataReads, pool: TaskRunner): Promise<PackedFingerprint> {
    await this.#hashing;
    await hashReads(reads, { pool, known: this.#hashes });
    return pool.run<PackedFingerprint>('packed-fingerprint', { reads, known: this.#hashes });
  }

  async #tolerant(what: string, save: () => Promise<void>): Promise<void> {
    try {
      await save();
    } catch (error) {
      // then all fails, and is told once; ENOENT: the folder is being removed
      if (isLost(this.#options.recorder) || (error as NodeJS.ErrnoException).code === 'ENOENT') return;
      this.#options.log.warn(
        `${what} could not be recorded: ${systemRefusal(error) ?? (error instanceof Error ? error.message : error)}`,
      );
    }
  }
}

/** What was read only grows: nothing was added since. */
function isSame(old: DataReads, now: DataReads): boolean {
  const sizes = ({ frequencies, markets, pointInTime }: DataReads) =>
    [
      ...frequencies.flatMap(({ freq, bins }) => [freq, bins.length]),
      markets.length,
      pointInTime?.fields.length ?? 0,
    ].join(' ');
  return sizes(old) === sizes(now);
}
