import type { RunPlan, RunResult } from '../boost/run.ts';
import { runBoosting } from '../boost/run.ts';
import { Engine } from './engine.ts';
import type { EngineShared } from './shared.ts';
import { makeBoard, serve, ThreadTeam } from './team.ts';

/** What one thread of a training gets. Thread 0 leads. */
export interface ThreadPayload {
  readonly shared: EngineShared;
  readonly plan: RunPlan;
  readonly board: SharedArrayBuffer;
  readonly rank: number;
}

/** The worker task `gbdt-train`: thread 0 runs the boosting and reports evaluations, the others serve it. */
export function runThread(payload: ThreadPayload, report: (message: unknown) => void): RunResult | null {
  const { shared, plan, board, rank } = payload;
  const { threads } = shared;
  const engine = new Engine(shared);
  if (rank > 0) {
    serve(board, rank, threads, engine.execute);
    return null;
  }
  const team = new ThreadTeam(board, threads, engine.execute);
  try {
    return runBoosting(engine, team, plan, (iteration, evaluations) => report([iteration, evaluations]));
  } finally {
    team.close();
  }
}

export const trainTask = {
  payloads(shared: EngineShared, plan: RunPlan): (rank: number) => ThreadPayload {
    const board = makeBoard();
    return (rank) => ({ shared, plan, board, rank });
  },
};
