import { statSync } from 'node:fs';
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
import { type Labels, loadLabels, loadPanel } from './load-panel.ts';

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

  /** What an artifact holds that was saved just now, for those who would load it. */
  async keep(name: string, value: unknown): Promise<void> {
    const stamp = await this.#stampOf(name);
    if (stamp !== undefined) this.#kept.set(name, { stamp, value: Promise.resolve(value) });
  }

  /** What was kept of an artifact; undefined where nothing was, or the file is another one by now. */
  async kept(name: string): Promise<unknown> {
    const old = this.#kept.get(name);
    return old && old.stamp === (await this.#stampOf(name)) ? old.value : undefined;
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
