import { appendFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Recorder } from '../records/tracking/recorder.ts';

const fileName = 'qrun.log';

/**
 * The log of a run, artifact `qrun.log`, and the step metrics that wait to be recorded. Lines before the run exists are kept and
 * written first. Where artifacts are local, lines go straight to the file and outlive a killed process.
 */
export class RunLog {
  readonly #early: string[] = [];
  readonly #series = new Map<string, [step: number, value: number][]>();
  #file: string | undefined;
  #recorder: Recorder | undefined;
  #temporary = false;

  line(text: string): void {
    if (this.#file) appendFileSync(this.#file, `${text}\n`);
    else this.#early.push(text);
  }

  metric(name: string, value: number, step: number): void {
    let series = this.#series.get(name);
    if (!series) this.#series.set(name, (series = []));
    series.push([step, value]);
  }

  /** Records the step metrics seen so far, in one call; returns their names. */
  async flushMetrics(recorder: Recorder): Promise<string[]> {
    const names = [...this.#series.keys()];
    if (names.length > 0) await recorder.logMetrics(Object.fromEntries(this.#series));
    this.#series.clear();
    return names;
  }

  /** From now on lines go to the run. */
  async attach(recorder: Recorder): Promise<void> {
    this.#recorder = recorder;
    const first = this.#early
      .splice(0)
      .map((line) => `${line}\n`)
      .join('');
    await recorder.saveObjects({ [fileName]: first });
    const isLocal = recorder.artifactUri.startsWith('file:');
    this.#temporary = !isLocal;
    if (isLocal) this.#file = await recorder.downloadArtifact(fileName);
    else {
      const file = join(await mkdtemp(join(tmpdir(), 'qrun-')), fileName);
      await writeFile(file, first);
      this.#file = file;
    }
  }

  /** The last lines are in the run when this ends. */
  async detach(): Promise<void> {
    const [recorder, file] = [this.#recorder, this.#file];
    if (!recorder || !file) return;
    this.#file = undefined;
    await this.flushMetrics(recorder);
    if (!this.#temporary) return;
    await recorder.logArtifact(file);
    await rm(dirname(file), { recursive: true, force: true });
  }
}
