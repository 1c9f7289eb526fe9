import { statSync } from 'node:fs';
import { setImmediate } from 'node:timers/promises';
import type { Panel } from '../../components/core/panel.ts';
import { rowCount, type Table } from '../../components/core/table.ts';
import type { TaskRunner } from '../../components/core/workers.ts';
import type { Interval } from '../../components/eval/bootstrap.ts';
import {
  type IntervalFigure,
  intervalsOn,
  scoreFiguresOn,
  signalAnalysisOn,
} from '../../components/eval/on-threads.ts';
import type { ScoreFigures } from '../../components/eval/score-figures.ts';
import type { SignalAnalysis } from '../../components/eval/signal-analysis.ts';
import { Encoded } from '../codec/encoded.ts';
import type { Recorder } from '../tracking/recorder.ts';
import { loadLabels, loadPanel } from './load-panel.ts';

/** Rows from which on encoding a table on a thread pays. */
const worthThread = 2000;

const [pred, label] = ['pred.pkl', 'label.pkl'];

interface Kept {
  readonly stamp: string;
  readonly value: Promise<unknown>;
}

interface KnownIntervals {
  readonly figure: IntervalFigure;
  readonly series: readonly Float64Array[];
  readonly value: Promise<readonly Interval[]>;
}

/**
 * The saved signal of a run and what is reckoned from it, each once for all records and the report. Nothing is kept of artifacts that are not
 * local files, or have changed since.
 */
export class RunWork {
  readonly #recorder: Recorder;
  readonly #tasks: TaskRunner;
  readonly #kept = new Map<string, Kept>();
  readonly #intervals: KnownIntervals[] = [];
  readonly #inPreparation = new Set<Promise<unknown>>();

  constructor(recorder: Recorder, tasks: TaskRunner) {
    this.#recorder = recorder;
    this.#tasks = tasks;
  }

  /** What was kept of an artifact, or what its file holds. */
  readonly #artifacts = {
    loadObject: async (name: string) => (await this.kept(name)) ?? this.#recorder.loadObject(name),
  };

  /** As `loadPanel` gives `pred.pkl`. */
  pred(): Promise<Panel> {
    return this.#once('pred', [pred], () => this.#preparing(loadPanel(this.#artifacts, pred)));
  }

  /** As `loadLabels` gives them. */
  labels(at: number): Promise<Panel> {
    return this.#once(`labels ${at}`, [label], () => this.#preparing(loadLabels(this.#artifacts, at)));
  }

  /** Of the scores against one column of labels. */
  analysis(at: number, withLongShort: boolean): Promise<SignalAnalysis> {
    return this.#once(`analysis ${at} ${withLongShort}`, [pred, label], async () => {
      const [scores, labels] = await this.#signal(at);
      return signalAnalysisOn(this.#tasks, scores, labels, withLongShort);
    });
  }

  /** Of the scores against the first column of labels. */
  figures(): Promise<ScoreFigures> {
    return this.#once('figures', [pred, label], async () => {
      const [scores, labels] = await this.#signal(0);
      return scoreFiguresOn(this.#tasks, scores, labels);
    });
  }

  /** Resolves when what was asked for so far is with the threads: whoever then keeps this thread busy does not keep them waiting. */
  async handedOver(): Promise<void> {
    do {
      await Promise.allSettled([...this.#inPreparation]);
      await setImmediate();
    } while (this.#inPreparation.size > 0);
  }

  /** Bootstrap intervals of a figure of each series. */
  intervals(figure: IntervalFigure, series: readonly Float64Array[]): Promise<readonly Interval[]> {
    const known = this.#intervals.find(
      (old) =>
        old.figure === figure &&
        old.series.length === series.length &&
        old.series.every((s, i) => isEqual(s, series[i]!)),
    );
    if (known) return known.value;
    const value = intervalsOn(this.#tasks, figure, series);
    value.catch(() => undefined);
    this.#intervals.push({ figure, series, value });
    return value;
  }

  /** Begins what the report will ask for of the signal, beside the records; what goes wrong is thrown when it does. */
  async beginReport(): Promise<void> {
    const analyses = [...this.#kept]
      .filter(([key]) => key.startsWith('analysis'))
      .map(([, { value }]) => value);
    const icsOf = async (analysis: unknown) => {
      const { ic, ric } = ((await analysis) as SignalAnalysis).ics;
      return this.intervals('mean', [ic, ric]);
    };
    await Promise.allSettled([this.figures(), ...analyses.map(icsOf)]);
  }

  /** Has a table of plain values encoded on a thread, to be saved in its stead under that name; a small one stays as it is. */
  async encoded(name: string, table: Table): Promise<Table | Encoded> {
    if (rowCount(table) < worthThread) return table;
    const payload = { name, value: table };
    return new Encoded(await this.#tasks.run<Uint8Array[]>('record-tasks.js#encodeArtifact', payload));
  }

  /**
   * What an artifact holds that was saved just now, for those who would load it; or, under another key, what is made of artifacts.
   */
  async keep(key: string, value: unknown, names: readonly string[] = [key]): Promise<void> {
    const stamp = await this.#stampOf(names);
    if (stamp !== undefined) this.#kept.set(key, { stamp, value: Promise.resolve(value) });
  }

  /** What was kept; undefined where nothing was, or an artifact is another one by now. */
  async kept(key: string, names: readonly string[] = [key]): Promise<unknown> {
    const old = this.#kept.get(key);
    return old && old.stamp === (await this.#stampOf(names)) ? old.value : undefined;
  }

  #signal(at: number): Promise<[Panel, Panel]> {
    return this.#preparing(Promise.all([this.pred(), this.labels(at)]));
  }

  #preparing<T>(work: Promise<T>): Promise<T> {
    this.#inPreparation.add(work);
    const ended = () => void this.#inPreparation.delete(work);
    work.then(ended, ended);
    return work;
  }

  async #once<T>(key: string, names: readonly string[], make: () => Promise<T>): Promise<T> {
    const stamp = await this.#stampOf(names);
    if (stamp === undefined) return make();
    const old = this.#kept.get(key);
    if (old?.stamp === stamp) return old.value as Promise<T>;
    const value = make();
    value.catch(() => undefined);
    this.#kept.set(key, { stamp, value });
    return value;
  }

  /** What tells whether any of some artifacts has changed; undefined where one is no local file. */
  async #stampOf(names: readonly string[]): Promise<string | undefined> {
    try {
      const stamps = [];
      for (const name of names) {
        const { ino, size, mtimeNs } = statSync(await this.#recorder.downloadArtifact(name), {
          bigint: true,
        });
        stamps.push(`${ino}:${size}:${mtimeNs}`);
      }
      return stamps.join(' ');
    } catch {
      return undefined;
    }
  }
}

function isEqual(a: Float64Array, b: Float64Array): boolean {
  return a.length === b.length && a.every((x, i) => Object.is(x, b[i]));
}
