import type { FeatureColumn } from '../gbdt/index.ts';
import { RowWalker } from '../gbdt/tree/walk.ts';
import type { HistogramTeam } from '../hist/histogram-team.ts';
import type { Cuts } from './cuts.ts';
import { type NodeRows, TreeGrower } from './grow-tree.ts';
import { makeXgbMetrics } from './metrics.ts';
import { makeXgbObjective, quantileOf } from './objective.ts';
import type { XgbParams } from './params.ts';
import { XgbSamplers } from './samplers.ts';
import { asWalkable, type XgbTree } from './tree.ts';

const round = Math.fround;

export interface XgbEvaluation {
  readonly set: string;
  readonly metric: string;
  readonly value: number;
}

export interface EvalSet {
  readonly name: string;
  readonly columns: readonly FeatureColumn[] | null;
  readonly label: Float32Array;
  readonly weight: Float32Array | null;
}

/** What is trained on what. */
export interface BoostPlan {
  readonly params: XgbParams;
  readonly cuts: readonly Cuts[];
  readonly dense: boolean;
  readonly label: Float32Array;
  readonly weight: Float32Array | null;
  /** By class. */
  readonly baseScores: Float32Array;
  readonly rounds: number;
  readonly stopAfter: number | null;
  readonly sets: readonly EvalSet[];
}

export interface Fitted {
  readonly trees: readonly XgbTree[];
  readonly bestIteration: number | null;
  readonly bestScore: number | null;
}

/** Adds trees round by round, one a class, and reports what the metrics say after each. */
export function boostXgb(plan: BoostPlan, team: HistogramTeam, report: (message: unknown) => void): Fitted {
  const { params, label, weight, sets } = plan;
  const objective = makeXgbObjective(params);
  const { classes } = objective;
  const metrics = makeXgbMetrics(
    params.eval_metric.length > 0 ? params.eval_metric : [objective.defaultMetric],
    params,
  );
  const { pairs, rows } = team.engine;
  const samplers = new XgbSamplers(params, plan.cuts.length);
  const grower = new TreeGrower(team, params, plan.cuts, samplers, plan.dense);
  const starts = plan.baseScores.map(objective.margin);
  const startOf = (length: number) => new Float32Array(length * classes).map((_, i) => starts[i % classes]!);
  const score = startOf(label.length);
  const scores = sets.map((set) => (set.columns ? startOf(set.label.length) : score));
  const walkers = sets.map((set) => (set.columns ? new RowWalker(set.columns) : null));
  // trees of a round learn from the scores before it
  const derived = classes > 1 ? new Float32Array(classes * pairs.length) : pairs;
  const trees: XgbTree[] = [];
  let bestScore = Number.POSITIVE_INFINITY;
  let bestIteration = 0;
  for (let iteration = 0; iteration < plan.rounds; iteration++) {
    objective.derive(score, label, weight, derived);
    for (let k = 0; k < classes; k++) {
      if (classes > 1) pairs.set(derived.subarray(k * pairs.length, (k + 1) * pairs.length));
      samplers.dropRows(pairs);
      const { tree, rows: places } = grower.grow();
      if (objective.leafQuantile !== undefined)
        setLeafQuantiles(tree, places, objective.leafQuantile, plan, score, team);
      trees.push(tree);
      for (const [node, { begin, end }] of places.entries()) {
        if (tree.left[node]! >= 0) continue;
        for (let i = begin; i < end; i++) score[rows[i]! * classes + k]! += tree.condition[node]!;
      }
      const walkable = asWalkable(tree);
      for (const [s, walker] of walkers.entries())
        walker?.walk(walkable, null, 0, sets[s]!.label.length, (leaf, list, begin, end) => {
          for (let i = begin; i < end; i++) scores[s]![list[i]! * classes + k]! += walkable.leafValue[leaf]!;
        });
    }
    const outputs = scores.map(objective.evaluated);
    const evaluations = sets.flatMap((set, s) =>
      metrics.map((metric) => ({
        set: set.name,
        metric: metric.name,
        value: metric.of(outputs[s]!, set.label, set.weight),
      })),
    );
    report([iteration, evaluations]);
    const watched = evaluations.at(-1);
    if (!watched || plan.stopAfter === null) continue;
    const greater = metrics.at(-1)!.greater;
    if (iteration === 0 || (greater ? watched.value > bestScore : watched.value < bestScore)) {
      bestScore = watched.value;
      bestIteration = iteration;
    } else if (iteration - bestIteration >= plan.stopAfter) break;
  }
  const stops = plan.stopAfter !== null && sets.length > 0;
  return { trees, bestIteration: stops ? bestIteration : null, bestScore: stops ? bestScore : null };
}

/** Leaves of a loss that is not smooth: quantiles of what their drawn rows leave, times the learning rate. */
function setLeafQuantiles(
  tree: XgbTree,
  places: readonly NodeRows[],
  alpha: number,
  { params, label, weight }: BoostPlan,
  score: Float32Array,
  team: HistogramTeam,
): void {
  const { pairs, rows } = team.engine;
  for (const [node, { begin, end }] of places.entries()) {
    if (tree.left[node]! >= 0) continue;
    const drawn = rows.slice(begin, end).filter((row) => pairs[2 * row + 1]! !== 0);
    if (drawn.length === 0) continue;
    const rest = Float32Array.from(drawn, (row) => label[row]! - score[row]!);
    const weights = weight && Float32Array.from(drawn, (row) => weight[row]!);
    tree.condition[node] = round(quantileOf(rest, weights, alpha) * round(params.eta));
  }
}
