import type { Context, MemoryLimits } from '../../components/core/context.ts';
import type { WorkerPool } from '../../components/core/workers.ts';
import type { RecordContext } from '../../records/record.ts';
import type { RunWork } from '../../records/template/run-work.ts';
import type { QlibRecorder } from '../../records/tracking/r.ts';
import type { Recorder } from '../../records/tracking/recorder.ts';
import type { Settings, Workflow } from '../config/index.ts';
import type { RunConsole } from '../console.ts';
import type { KeptModels } from '../kept-models/kept-models.ts';
import type { RunHooks } from '../run-hooks.ts';
import type { RunLog } from '../run-log.ts';

/** What a task needs of the run that it is. */
export interface TaskRun {
  readonly R: QlibRecorder;
  readonly recorder: Recorder;
  readonly workflow: Workflow;
  readonly settings: Settings;
  readonly console: RunConsole;
  readonly log: RunLog;
  readonly hooks: RunHooks;
  readonly runWork: RunWork;
  readonly pool: WorkerPool;
  readonly kept: KeptModels | undefined;
  /** Limits for features that only the model of this run looks at; undefined: others may want them, too. */
  readonly blockLimits: MemoryLimits | undefined;
  now(): number;
  /** Called when the model is trained: from then on worker threads have little to do. */
  onIdle(): void;
  contextFor(extra?: Partial<RecordContext>): Context;
}
