import type { BinMapper } from '../bins/bin-mapper.ts';
import { isBinned } from '../data.ts';
import { binTableBytes } from '../engine/bin-rows.ts';
import { type Engine, Operation } from '../engine/engine.ts';
import { sampleBytes } from '../engine/find-column-bins.ts';
import { ensureBytes } from '../engine/slots.ts';
import type { Team } from '../engine/team.ts';
import type { Tree } from '../tree/tree.ts';
import { Boosting } from './boosting.ts';
import { Dart } from './dart.ts';
import { EarlyStopper, type EarlyStopping, type Evaluation } from './early-stopping.ts';
import { Forest } from './forest.ts';

/** What a run needs beside the engine. */
export interface RunPlan {
  readonly rounds: number;
  /** Sets to evaluate in order: index of a validation set, or -1 for the training data. */
  readonly sets: readonly { readonly name: string; readonly index: number }[];
  readonly earlyStopping: EarlyStopping | null;
}

export interface RunResult {
  readonly trees: readonly Tree[];
  /** Number of iterations to predict with; 0 where no early stopping was asked for. */
  readonly bestIteration: number;
  readonly mappers: readonly BinMapper[];
}

/** Bins the data, then boosts. `report` gets the evaluations of each iteration. */
export function runBoosting(
  engine: Engine,
  team: Team,
  plan: RunPlan,
  report: (iteration: number, evaluations: readonly Evaluation[]) => void,
): RunResult {
  const { train, memory, sampleRows } = engine.shared;
  const sampled = sampleRows?.length ?? train.length;
  if (!train.columns.every(isBinned)) ensureBytes(memory, 65_536 + team.size * sampleBytes(sampled));
  team.run(Operation.findColumnBins);
  engine.lay(0);
  const { slots, features } = engine.layout;
  ensureBytes(memory, slots + binTableBytes(features.length, team.size));
  team.run(Operation.lay);
  team.run(Operation.makeBinTables);
  team.run(Operation.binRows);
  const boosting = makeBoosting(engine, team);
  const stopper = plan.earlyStopping && new EarlyStopper(plan.earlyStopping, plan.rounds - 1);
  let bestIteration = 0;
  for (let iteration = 0; iteration < plan.rounds; iteration++) {
    boosting.step();
    const evaluations = evaluate(engine, boosting, plan);
    report(iteration, evaluations);
    const best = stopper?.check(iteration, evaluations) ?? null;
    if (best === null) continue;
    bestIteration = best + 1;
    break;
  }
  return {
    trees: boosting.trees,
    bestIteration,
    mappers: train.columns.map((_, column) => engine.mappers.read(column)),
  };
}

function makeBoosting(engine: Engine, team: Team): Boosting {
  const { boosting } = engine.shared.params;
  if (boosting === 'dart') return new Dart(engine, team);
  return boosting === 'rf' ? new Forest(engine, team) : new Boosting(engine, team);
}

function evaluate(engine: Engine, boosting: Boosting, { sets }: RunPlan): Evaluation[] {
  return sets.flatMap(({ name, index }) =>
    engine.metrics.map((metric, m) => ({
      set: name,
      metric: metric.name,
      value: boosting.evaluate(index, m),
      maximize: metric.maximize,
      ofTraining: index < 0,
    })),
  );
}
