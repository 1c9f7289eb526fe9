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
  /** Lines that are not in the file. */
  readonly #waiting: string[] = [];
  readonly #series = new Map<string, [step: number, value: number][]>();
  #file: string | undefined;
  #recorder: Recorder | undefined;
  #temporary = false;

  line(text: string): void {
    this.#waiting.push(text);
    if (!this.#file) return;
    try {
      this.#write(this.#file);
    } catch {
      // lines wait for the next one, and at last for the end, where it is told
    }
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
    const first = joined(this.#waiting.splice(0));
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

  /** The last lines are in the run when this ends. @throws where they cannot be written. */
  async detach(): Promise<void> {
    const [recorder, file] = [this.#recorder, this.#file];
    if (!recorder || !file) return;
    this.#file = undefined;
    this.#write(file);
    await this.flushMetrics(recorder);
    if (!this.#temporary) return;
    await recorder.logArtifact(file);
    await rm(dirname(file), { recursive: true, force: true });
  }

  #write(file: string): void {
    if (this.#waiting.length === 0) return;
    appendFileSync(file, joined(this.#waiting));
    this.#waiting.splice(0);
  }
}

const joined = (lines: readonly string[]) => lines.map((line) => `${line}\n`).join('');
