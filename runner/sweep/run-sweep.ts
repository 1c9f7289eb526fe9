import { resolve } from 'node:path';
import { UserError, UserErrors } from '../../components/core/errors.ts';
import { isAlive } from '../../components/core/process-mark.ts';
import { type EarlyStopWatch, watchCurves } from './curves.ts';
import type { Executor } from './executor.ts';
import type { OpenSweep, PreparedPoint } from './open-sweep.ts';
import { pointsOf, Trials } from './points.ts';
import type { Job, Outcome } from './protocol.ts';
import { clearLeftovers, type FinishedRun, finishedRuns, putAway, sweepRuns } from './sweep-state.ts';
import { tags } from './tags.ts';
import { trialResult } from './trial-result.ts';
import type { Goal, Point, Trial } from './types.ts';
import type { SweepView } from './view.ts';
import type { JobResult } from './worker-process.ts';

/** Points read and checked before the first run, so that mistakes show at once. */
const checkedFirst = 200;
/** Points that wait in the queue beyond those that run. */
const window = 64;
/** Times that a point is made again after its process died. */
const maxCrashes = 5;

export interface RunSweepOptions {
  readonly open: OpenSweep;
  readonly experimentId: string;
  readonly executor: Executor;
  readonly view: SweepView;
  readonly threads: number;
  /** False: no cache of features, so that each process computes its own. */
  readonly cache?: boolean | undefined;
  readonly cwd: string;
  readonly uriFolder: string | undefined;
  /** Milliseconds. */
  now(): number;
}

export interface SweepOutcome {
  readonly finished: number;
  readonly failed: number;
  readonly isInterrupted: boolean;
}

/** Runs what a sweep still lacks. The store holds its state: see `tags`. */
export class SweepRun {
  readonly #options: RunSweepOptions;
  readonly #trials: Trials;
  readonly #made: Trial[] = [];
  readonly #points = new Map<number, Point[]>();
  readonly #finished: Map<string, FinishedRun>;
  readonly #failed = new Map<string, string>();
  readonly #fits = new Map<string, string>();
  /** Points that wait for the run that trains their model, by the key of the fit. */
  readonly #waiting = new Map<string, PreparedPoint[]>();
  readonly #groups = new Map<string, number>();
  /** Keys of the handlers of the points that are known so far. */
  readonly #handlers = new Set<string>();
  readonly #active = new Set<Promise<void>>();
  readonly #curves: EarlyStopWatch | undefined;
  readonly #started: number;
  #queued = 0;
  #isInterrupted = false;

  private constructor(options: RunSweepOptions, finished: Map<string, FinishedRun>) {
    const { open, executor, now } = options;
    this.#options = options;
    this.#finished = finished;
    this.#trials = new Trials(open.sweep, executor.parallel);
    this.#curves = open.sweep.earlyStop && watchCurves(open.sweep.earlyStop);
    this.#started = now();
    for (const { fit, runId } of finished.values()) if (fit !== undefined) this.#fits.set(fit, runId);
  }

  /** Reads the state from the store and puts away what an earlier attempt left unfinished. */
  static async start(options: RunSweepOptions): Promise<SweepRun> {
    const { store, id } = options.open;
    const runs = await sweepRuns(store, options.experimentId, id);
    // runs that workers of other machines make just now are theirs
    await clearLeftovers(store, runs, {
      only: (run) =>
        !options.executor.isShared ||
        run.info.status !== 'RUNNING' ||
        isAlive(run.data.tags.get(tags.worker) ?? '') === false,
    });
    const run = new SweepRun(options, finishedRuns(runs));
    await run.#loadCurves();
    return run;
  }

  /** Early termination compares with what earlier attempts have seen. */
  async #loadCurves(): Promise<void> {
    const { store, sweep } = this.#options.open;
    if (!this.#curves || !sweep.earlyStop) return;
    for (const { key, runId } of this.#finished.values()) {
      const points = await store.getMetricHistory(runId, sweep.earlyStop.metric);
      this.#curves.load(
        key,
        points.map(({ value }) => value),
      );
    }
  }

  /** Runs until everything has ended. @throws UserErrors where the first points are mistaken, before anything is run */
  async run(): Promise<SweepOutcome> {
    await this.#checkFirst();
    const { view, open, experimentId } = this.#options;
    view.plan({ total: this.#total, finished: this.#finished });
    while (await this.#pump()) await Promise.race(this.#active);
    await Promise.all(this.#active);
    await clearLeftovers(open.store, await sweepRuns(open.store, experimentId, open.id));
    await open.store.close();
    return { finished: this.#countFinished(), failed: this.#failed.size, isInterrupted: this.#isInterrupted };
  }

  /** Ends what runs; the run so far is kept, the same command goes on. */
  async interrupt(): Promise<void> {
    this.#isInterrupted = true;
    await this.#options.executor.interrupt();
  }

  get #total(): number {
    const { open } = this.#options;
    return this.#trials.count * (open.sweep.repeats?.seeds.length ?? 1) * Math.max(1, open.folds.length);
  }

  #countFinished(): number {
    return [...this.#points.values()].flat().filter(({ key }) => this.#finished.has(key)).length;
  }

  /** Puts points into the queue as far as they are known; false when all have ended. */
  async #pump(): Promise<boolean> {
    while (!this.#isOver() && this.#queued < window + this.#options.executor.parallel) {
      const trial = this.#nextTrial();
      if (!trial) break;
      for (const point of this.#points.get(trial.index)!)
        if (!this.#finished.has(point.key)) await this.#prepare(point);
    }
    return this.#active.size > 0;
  }

  #isOver(): boolean {
    const { open, now } = this.#options;
    const { seconds } = open.sweep;
    return this.#isInterrupted || (seconds !== undefined && now() - this.#started > seconds * 1000);
  }

  #nextTrial(): Trial | undefined {
    const { sweep, folds } = this.#options.open;
    const trial = this.#trials.get(this.#made.length, (i) =>
      trialResult(this.#points.get(i) ?? [], {
        finished: this.#finished,
        failed: this.#failed,
        goal: sweep.goal,
      }),
    );
    if (!trial) return undefined;
    this.#made.push(trial);
    this.#points.set(trial.index, pointsOf(trial, sweep, folds));
    return trial;
  }

  async #checkFirst(): Promise<void> {
    const { open, executor } = this.#options;
    const trials = new Trials(open.sweep, executor.parallel);
    const errors = new Map<string, UserError>();
    for (let i = 0; i < Math.min(checkedFirst, trials.count); i++) {
      const trial = trials.get(i, () => undefined);
      if (!trial) break;
      for (const point of pointsOf(trial, open.sweep, open.folds)) {
        if (this.#finished.has(point.key)) continue;
        const error = await open.prepare(point).then(
          ({ keys }) => void this.#handlers.add(keys.handler),
          (e: unknown) => e,
        );
        if (error instanceof UserErrors) for (const one of error.errors) errors.set(one.message, one);
        else if (error instanceof UserError) errors.set(error.message, error);
        else if (error) throw error;
      }
    }
    if (errors.size > 0) throw new UserErrors([...errors.values()]);
  }

  async #prepare(point: Point): Promise<void> {
    try {
      const prepared = await this.#options.open.prepare(point);
      const { fit, handler } = prepared.keys;
      this.#handlers.add(handler);
      const waiting = fit === undefined || this.#fits.has(fit) ? undefined : this.#waiting.get(fit);
      this.#queued++;
      if (waiting) waiting.push(prepared);
      else this.#enqueue(prepared);
    } catch (error) {
      if (!(error instanceof UserError) && !(error instanceof UserErrors)) throw error;
      this.#fail(point, error.message);
    }
  }

  /** The first point of a fit trains; those behind it wait and take its predictions over. */
  #enqueue(prepared: PreparedPoint): void {
    const { fit, handler } = prepared.keys;
    const isLeader = fit !== undefined && !this.#fits.has(fit);
    if (isLeader) this.#waiting.set(fit, []);
    if (!this.#groups.has(handler)) this.#groups.set(handler, this.#groups.size);
    const task = this.#runPoint(prepared).finally(() => {
      this.#active.delete(task);
      this.#queued--;
      if (isLeader) this.#release(fit);
    });
    this.#active.add(task);
  }

  /** After a fit has ended: all may go on if it is there, else the next one trains. */
  #release(fit: string): void {
    const waiting = this.#waiting.get(fit) ?? [];
    this.#waiting.delete(fit);
    const next = this.#fits.has(fit) ? waiting : waiting.slice(0, 1);
    for (const prepared of next) this.#enqueue(prepared);
    if (next.length < waiting.length) this.#waiting.get(fit)!.push(...waiting.slice(1));
  }

  async #runPoint(prepared: PreparedPoint): Promise<void> {
    const { point } = prepared;
    const { sweep } = this.#options.open;
    for (let failures = 0, crashes = 0; ; ) {
      if (this.#isInterrupted) return;
      const result = await this.#attempt(prepared);
      if (this.#isInterrupted && result.status === 'crashed') return;
      if (result.status === 'finished' || result.status === 'stopped') return this.#finish(prepared, result);
      if (result.status === 'crashed') {
        const done = await this.#afterCrash(point);
        if (done) return this.#finishAs(prepared, done);
        if (++crashes > maxCrashes) return this.#fail(point, result.message);
      } else if (result.isUserError || ++failures > sweep.retries) return this.#fail(point, result.message);
      this.#options.view.retry(point, result.message);
    }
  }

  async #attempt(prepared: PreparedPoint): Promise<JobResult> {
    const { executor, view, open } = this.#options;
    const files = executor.isShared ? await open.filesOf(prepared.point) : undefined;
    const { point, keys } = prepared;
    let stop = () => {};
    return executor.run(
      { ...this.#jobOf(prepared), files },
      {
        onBegin: (giveUp) => {
          stop = giveUp;
          this.#curves?.drop(point.key);
          view.begin(point);
        },
        onMetric: (value) => {
          if (this.#curves?.add(point.key, value)) stop();
        },
      },
      -this.#groups.get(keys.handler)!,
    );
  }

  #jobOf({ point, keys }: PreparedPoint): Job {
    const { open, threads, cache, cwd, uriFolder } = this.#options;
    const { sweep, id, experimentName, uri } = open;
    return {
      id: `${id}-${point.key}`,
      config: resolve(cwd, sweep.base),
      overrides: point.overrides,
      seed: point.seed ?? 0,
      tags: {
        [tags.id]: id,
        [tags.name]: sweep.name,
        [tags.points]: String(this.#total),
        ...goalTags(sweep.goal),
        [tags.point]: String(point.index),
        [tags.trial]: String(point.trial.index),
        [tags.key]: point.key,
        [tags.overrides]: JSON.stringify(point.trial.overrides),
        ...(point.seed === undefined ? {} : { [tags.seed]: String(point.seed) }),
        ...(point.fold === undefined ? {} : { [tags.fold]: String(point.fold) }),
      },
      experimentName,
      uri,
      uriFolder,
      cwd,
      threads,
      handlerKey: keys.handler,
      isDataShared: this.#handlers.size === 1,
      cache,
      fitKey: keys.fit,
      reuseFrom: keys.fit === undefined ? undefined : this.#fits.get(keys.fit),
      timeLimit: undefined,
      watch: sweep.earlyStop?.metric,
    };
  }

  /** The process died: was the run there already? What it left is put away. */
  async #afterCrash({ key }: Point): Promise<FinishedRun | undefined> {
    const { open, experimentId } = this.#options;
    const runs = (await sweepRuns(open.store, experimentId, open.id)).filter(
      (run) => run.data.tags.get(tags.key) === key,
    );
    const done = finishedRuns(runs).get(key);
    for (const run of runs)
      if (run.info.runId !== done?.runId && run.info.status !== 'FAILED') await putAway(open.store, run);
    return done;
  }

  #finish(
    { point, keys }: PreparedPoint,
    outcome: Extract<Outcome, { status: 'finished' | 'stopped' }>,
  ): void {
    const isWhole = outcome.status === 'finished';
    this.#finishAs(
      { point, keys },
      {
        runId: outcome.runId,
        key: point.key,
        metrics: outcome.metrics,
        stopped: isWhole ? undefined : outcome.step,
        fit: isWhole ? keys.fit : undefined,
        seconds: isWhole ? outcome.seconds : undefined,
      },
    );
  }

  #finishAs({ point }: PreparedPoint, run: FinishedRun): void {
    this.#finished.set(point.key, run);
    this.#failed.delete(point.key);
    if (run.fit !== undefined && !this.#fits.has(run.fit)) this.#fits.set(run.fit, run.runId);
    this.#options.view.finish(point, run);
  }

  #fail(point: Point, message: string): void {
    this.#failed.set(point.key, message);
    this.#options.view.fail(point, message);
  }
}

function goalTags(goal: Goal | undefined): Record<string, string> {
  return goal
    ? { [tags.metric]: goal.metric, [tags.direction]: goal.maximize ? 'maximize' : 'minimize' }
    : {};
}
