import { createHash } from 'node:crypto';
import { drawAssignment } from './draw.ts';
import { gridAssignments } from './grid.ts';
import { Random } from './random.ts';
import { type Observation, suggestTpe } from './tpe.ts';
import type { Assignment, Point, Sweep, Trial } from './types.ts';
import { type Fold, walkOverrides } from './walk-forward.ts';

/** Times that a point drawn before is drawn again, before the space is taken to be used up. */
const maxRedraws = 200;

/** How a trial stands; NaN loss: failed. */
export interface TrialResult {
  readonly loss: number;
}

/**
 * The trials of a sweep, one after the other. All but bayes are known beforehand; bayes proposes trial i from the results of the
 * trials before i - lag, whatever else has ended, so that the same sweep makes the same points on any day and after any resume.
 */
export class Trials {
  readonly #sweep: Sweep;
  readonly #lag: number;
  readonly #made: Trial[] = [];
  readonly #keys = new Set<string>();
  readonly #ready: readonly (readonly [Assignment, readonly string[]])[] | undefined;
  #isUsedUp = false;

  constructor(sweep: Sweep, lag: number) {
    this.#sweep = sweep;
    this.#lag = Math.max(1, lag);
    if (sweep.method === 'grid')
      this.#ready = gridAssignments(sweep.parameters).map((a) => [a, overridesOf(a)] as const);
    else if (sweep.method === 'list') this.#ready = sweep.list.map((words) => [new Map(), words] as const);
  }

  /** How many there will be; infinite where only time ends the sweep. */
  get count(): number {
    const { runs = Number.POSITIVE_INFINITY } = this.#sweep;
    if (this.#isUsedUp) return this.#made.length;
    return Math.min(runs, this.#ready?.length ?? Number.POSITIVE_INFINITY);
  }

  /** Trial i; undefined where it cannot be proposed yet, null where there is none. */
  get(index: number, resultOf: (trial: number) => TrialResult | undefined): Trial | undefined | null {
    if (index < this.#made.length) return this.#made[index]!;
    if (index >= this.count) return null;
    if (index > this.#made.length) throw new Error('trials are made in order');
    const proposed = this.#ready?.[index] ?? this.#propose(index, resultOf);
    if (!proposed) return proposed;
    const [assignment, overrides] = proposed;
    const trial: Trial = { index, assignment, overrides };
    this.#made.push(trial);
    this.#keys.add(JSON.stringify(overrides));
    return trial;
  }

  #propose(index: number, resultOf: (trial: number) => TrialResult | undefined) {
    const { method, parameters, seed, startup } = this.#sweep;
    const observations: Observation[] = [];
    if (method === 'bayes' && index >= startup)
      for (let i = 0; i <= index - this.#lag; i++) {
        const result = resultOf(i);
        if (!result) return undefined;
        observations.push({ assignment: this.#made[i]!.assignment, loss: result.loss });
      }
    for (let redraw = 0; redraw < maxRedraws; redraw++) {
      const random = new Random(seed, index, redraw);
      const assignment =
        observations.length > 0 && redraw < maxRedraws / 2
          ? suggestTpe({ parameters, observations, random, startup: Math.min(startup, observations.length) })
          : drawAssignment(parameters, random);
      const overrides = overridesOf(assignment);
      if (!this.#keys.has(JSON.stringify(overrides))) return [assignment, overrides] as const;
    }
    this.#isUsedUp = true;
    return null;
  }
}

const overridesOf = (assignment: Assignment) => [...assignment].map(([key, value]) => `${key}=${value}`);

/** The runs of a trial: one a seed and fold. `index` counts over the whole sweep. */
export function pointsOf(trial: Trial, sweep: Sweep, folds: readonly Fold[]): Point[] {
  const seeds = sweep.repeats?.seeds ?? [undefined];
  const all = folds.length > 0 ? folds : [undefined];
  const each = seeds.length * all.length;
  return seeds.flatMap((seed, s) =>
    all.map((fold, f) => {
      const overrides = [
        ...sweep.always,
        ...trial.overrides,
        ...(fold ? walkOverrides(fold) : []),
        ...(seed === undefined ? [] : [`++${sweep.repeats!.key}=${seed}`]),
      ];
      return {
        index: trial.index * each + s * all.length + f,
        trial,
        overrides,
        seed,
        fold: fold?.index,
        key: hashOf(overrides),
      };
    }),
  );
}

/** Sixteen hex digits of what sets a run apart. */
export function hashOf(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex').slice(0, 16);
}
