import { statSync } from 'node:fs';
import type { Panel } from '../../components/core/panel.ts';
import type { TaskRunner } from '../../components/core/workers.ts';
import type { Interval } from '../../components/eval/bootstrap.ts';
import type { DailyIC } from '../../components/eval/ic.ts';
import { meanIntervalsOn, scoreFiguresOn, signalAnalysisOn } from '../../components/eval/on-threads.ts';
import type { ScoreFigures } from '../../components/eval/score-figures.ts';
import type { SignalAnalysis } from '../../components/eval/signal-analysis.ts';
import type { Recorder } from '../tracking/recorder.ts';
import { type Labels, loadLabels, loadPanel } from './load-panel.ts';

const [pred, label] = ['pred.pkl', 'label.pkl'];

interface Kept {
  readonly stamp: string;
  readonly value: Promise<unknown>;
}

/**
 * The saved signal of a run and what is reckoned from it, each once for all records and the report. Nothing is kept of artifacts that are not
 * local files, or have changed since.
 */
export class SignalWork {
  readonly #recorder: Recorder;
  readonly #tasks: TaskRunner;
  readonly #kept = new Map<string, Kept>();
  #intervals:
    | { readonly of: readonly [Float64Array, Float64Array]; readonly value: Promise<Interval[]> }
    | undefined;

  constructor(recorder: Recorder, tasks: TaskRunner) {
    this.#recorder = recorder;
    this.#tasks = tasks;
  }

  /** As `loadPanel` gives `pred.pkl`. */
  pred(): Promise<Panel> {
    return this.#once('pred', [pred], () => loadPanel(this.#recorder, pred));
  }

  /** As `loadLabels` gives them. */
  labels(at: number): Promise<Labels> {
    return this.#once(`labels ${at}`, [label], () => loadLabels(this.#recorder, at));
  }

  /** Of the scores against one column of labels. */
  analysis(at: number, withLongShort: boolean): Promise<SignalAnalysis> {
    return this.#once(`analysis ${at} ${withLongShort}`, [pred, label], async () =>
      signalAnalysisOn(this.#tasks, await this.pred(), (await this.labels(at)).panel, withLongShort),
    );
  }

  /** Of the scores against the first column of labels. */
  figures(): Promise<ScoreFigures> {
    return this.#once('figures', [pred, label], async () =>
      scoreFiguresOn(this.#tasks, await this.pred(), (await this.labels(0)).panel),
    );
  }

  /** Bootstrap intervals of the means of daily figures. */
  async intervals({ ic, ric }: Pick<DailyIC, 'ic' | 'ric'>): Promise<readonly Interval[]> {
    const known = this.#intervals;
    if (known && isEqual(known.of[0], ic) && isEqual(known.of[1], ric)) return known.value;
    const value = meanIntervalsOn(this.#tasks, [ic, ric]);
    value.catch(() => undefined);
    this.#intervals = { of: [ic, ric], value };
    return value;
  }

  /** Begins what the report will ask for, beside the records; what goes wrong is thrown when it does. */
  async beginReport(): Promise<void> {
    const analyses = [...this.#kept]
      .filter(([key]) => key.startsWith('analysis'))
      .map(([, { value }]) => value);
    await Promise.allSettled([
      this.figures(),
      ...analyses.map(async (analysis) => this.intervals(((await analysis) as SignalAnalysis).ics)),
    ]);
  }

  async #once<T>(key: string, names: readonly string[], make: () => Promise<T>): Promise<T> {
    const stamps = await Promise.all(names.map((name) => this.#stampOf(name)));
    if (stamps.includes(undefined)) return make();
    const stamp = stamps.join(' ');
    const old = this.#kept.get(key);
    if (old?.stamp === stamp) return old.value as Promise<T>;
    const value = make();
    value.catch(() => undefined);
    this.#kept.set(key, { stamp, value });
    return value;
  }

  async #stampOf(name: string): Promise<string | undefined> {
    try {
      const { ino, size, mtimeNs } = statSync(await this.#recorder.downloadArtifact(name), { bigint: true });
      return `${ino}:${size}:${mtimeNs}`;
    } catch {
      return undefined;
    }
  }
}

function isEqual(a: Float64Array, b: Float64Array): boolean {
  return a.length === b.length && a.every((x, i) => Object.is(x, b[i]));
}
