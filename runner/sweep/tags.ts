/** Names of the tags by which the store holds the state of a sweep. */
export const tags = {
  id: 'qrun.sweep.id',
  name: 'qrun.sweep.name',
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
