/** Names of the tags by which the store holds the state of a sweep. */
export const tags = {
  id: 'qrun.sweep.id',
  name: 'qrun.sweep.name',
  /** What the sweep judges by: a metric, and whether to maximize or minimize it. */
  metric: 'qrun.sweep.metric',
  direction: 'qrun.sweep.direction',
  /** Number of runs that the sweep plans. */
  points: 'qrun.sweep.points',
  /** Index of the run within the sweep. */
  point: 'qrun.sweep.point',
  trial: 'qrun.sweep.trial',
  /** Hash of the overrides. */
  key: 'qrun.sweep.key',
  overrides: 'qrun.sweep.overrides',
  seed: 'qrun.sweep.seed',
  fold: 'qrun.sweep.fold',
  /** host:pid:start of the process that makes the run. */
  worker: 'qrun.sweep.worker',
  /** Step at which early_terminate ended the run. */
  stopped: 'qrun.sweep.stopped',
  fit: 'qrun.stage.fit',
  stepMetrics: 'qrun.stage.metrics',
  reusedFrom: 'qrun.stage.reused_from',
} as const;
