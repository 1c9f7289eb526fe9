import type { Terminal } from '../console.ts';
import type { FinishedRun } from './sweep-state.ts';
import type { Goal, Point } from './types.ts';

/** Hears how a sweep goes on. */
export interface SweepView {
  plan(plan: { readonly total: number; readonly finished: ReadonlyMap<string, FinishedRun> }): void;
  begin(point: Point): void;
  finish(point: Point, run: FinishedRun): void;
  retry(point: Point, message: string): void;
  fail(point: Point, message: string): void;
  close(): void;
  end(): void;
}

export interface TerminalViewOptions {
  readonly terminal: Terminal;
  readonly goal: Goal | undefined;
  readonly now: () => number;
}

const pauseMs = 200;
const shownRunning = 8;

/** A line for what ends; on a terminal also a table below of what runs, redrawn in place. */
export class TerminalView implements SweepView {
  readonly #options: TerminalViewOptions;
  readonly #running = new Map<number, { readonly point: Point; readonly since: number }>();
  #total = 0;
  #done = 0;
  #before = 0;
  #failed = 0;
  #best: { readonly value: number; readonly point: Point } | undefined;
  #started = 0;
  #drawn = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: TerminalViewOptions) {
    this.#options = options;
  }

  plan({
    total,
    finished,
  }: {
    readonly total: number;
    readonly finished: ReadonlyMap<string, FinishedRun>;
  }): void {
    const { terminal, now } = this.#options;
    this.#total = total;
    this.#before = finished.size;
    this.#started = now();
    const count = Number.isFinite(total) ? `${total} runs` : 'runs until the time is up';
    this.#say(`${count}${finished.size > 0 ? `, ${finished.size} have finished before` : ''}`);
    if (terminal.isTTY) this.#timer = setInterval(() => this.#draw(), pauseMs);
  }

  begin(point: Point): void {
    this.#running.set(point.index, { point, since: this.#options.now() });
  }

  finish(point: Point, run: FinishedRun): void {
    const { goal, now } = this.#options;
    const since = this.#running.get(point.index)?.since;
    this.#running.delete(point.index);
    this.#done++;
    const value = goal ? run.metrics[goal.metric] : undefined;
    if (value !== undefined && !Number.isNaN(value) && run.stopped === undefined) {
      const isBetter = !this.#best || (goal!.maximize ? value > this.#best.value : value < this.#best.value);
      if (isBetter) this.#best = { value, point };
    }
    const seconds = since === undefined ? '' : ` ${((now() - since) / 1000).toFixed(1)} s`;
    const figure = goal ? ` ${goal.metric} ${value?.toFixed(6) ?? 'missing'}` : '';
    const stopped = run.stopped === undefined ? '' : ` stopped at step ${run.stopped}`;
    this.#say(`${this.#place(point)}${seconds}${figure}${stopped}  ${labelOf(point)}`);
  }

  retry(point: Point, message: string): void {
    this.#running.delete(point.index);
    this.#say(`${this.#place(point)} again: ${firstLine(message)}  ${labelOf(point)}`);
  }

  fail(point: Point, message: string): void {
    this.#running.delete(point.index);
    this.#failed++;
    this.#say(`${this.#place(point)} FAILED: ${firstLine(message)}  ${labelOf(point)}`);
  }

  close(): void {
    clearInterval(this.#timer);
    this.#clear();
  }

  /** Tells the best of what has finished. */
  end(): void {
    this.close();
    if (this.#best)
      this.#say(
        `best ${this.#options.goal!.metric} ${this.#best.value.toFixed(6)}: ${labelOf(this.#best.point)}`,
      );
  }

  /** Share and time of what is done, one line; the figures of the table's head. */
  get summary(): string {
    const { now } = this.#options;
    const ended = this.#before + this.#done + this.#failed;
    const seconds = (now() - this.#started) / 1000;
    const left = this.#total - ended;
    const each = this.#done > 0 ? seconds / this.#done : Number.NaN;
    const eta = Number.isFinite(left * each) ? ` | ETA ${duration(left * each)}` : '';
    const best = this.#best ? ` | best ${this.#best.value.toFixed(6)}` : '';
    return `${ended}/${Number.isFinite(this.#total) ? this.#total : '?'} done | ${this.#running.size} running | ${this.#failed} failed${best}${eta}`;
  }

  #place(point: Point): string {
    const width = Number.isFinite(this.#total) ? String(this.#total).length : 3;
    return `[${String(point.index + 1).padStart(width)}${Number.isFinite(this.#total) ? `/${this.#total}` : ''}]`;
  }

  #say(line: string): void {
    this.#clear();
    this.#options.terminal.write(`${line}\n`);
  }

  #draw(): void {
    const { terminal, now } = this.#options;
    this.#clear();
    const rows = [...this.#running.values()].slice(0, shownRunning).map(({ point, since }) => {
      const label = labelOf(point);
      return `  ${this.#place(point)} ${duration((now() - since) / 1000).padStart(6)}  ${label.slice(0, 60)}`;
    });
    const lines = [this.summary, ...rows];
    terminal.write(`${lines.join('\n')}\n`);
    this.#drawn = lines.length;
  }

  #clear(): void {
    if (this.#drawn > 0) this.#options.terminal.write(`\x1b[${this.#drawn}A\x1b[J`);
    this.#drawn = 0;
  }
}

/** `alpha=0.1 topk=30 seed=2`: the last part of each key path. */
export function labelOf({ trial, seed, fold }: Point): string {
  const words = trial.overrides.map((text) => {
    const equals = text.indexOf('=');
    return equals < 0 ? text : `${text.slice(0, equals).split('.').at(-1)}${text.slice(equals)}`;
  });
  return [
    ...words,
    ...(seed === undefined ? [] : [`seed=${seed}`]),
    ...(fold === undefined ? [] : [`fold=${fold}`]),
  ].join(' ');
}

const firstLine = (text: string) => text.split('\n')[0]!;

export function duration(seconds: number): string {
  const s = Math.round(seconds);
  if (s < 60) return `${s}s`;
  return s < 3600
    ? `${Math.floor(s / 60)}m${String(s % 60).padStart(2, '0')}`
    : `${Math.floor(s / 3600)}h${String(Math.floor((s % 3600) / 60)).padStart(2, '0')}`;
}
