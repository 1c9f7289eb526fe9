/**
 * The package's public face: `import { R, runWorkflow, type Definition } from 'qrun'`. What a user's own component needs is here too.
 */

export type { ComponentKinds, Context, Region } from '../components/core/context.ts';
export { formatTime, parseTime, type Time } from '../components/core/dates.ts';
export { UserError, UserErrors } from '../components/core/errors.ts';
export type { Log } from '../components/core/log.ts';
export {
  allocate,
  denseColumn,
  denseValues,
  Panel,
  type PanelColumn,
  PanelIndex,
} from '../components/core/panel.ts';
export { PyObject, PyTimestamp, PyTuple } from '../components/core/python.ts';
export type { Definition, Schema } from '../components/core/registry.ts';
export type { SeriesTable, Table, TableColumn } from '../components/core/table.ts';
export type {
  Constant,
  OperatorArgument,
  UserOperator,
} from '../components/data/expression/user-operator.ts';
export type { DataProvider, FeatureRequest } from '../components/data/provider.ts';
export type {
  DataHandler,
  DataKey,
  DataLoader,
  Dataset,
  FitOptions,
  Processor,
  Reweighter,
  Segment,
} from '../components/dataset/types.ts';
export type { Model, ModelState } from '../components/model/model.ts';
export type { RecordContext, RecordTemplate } from '../records/record.ts';
export type { QlibRecorder } from '../records/tracking/r.ts';
export type { Recorder } from '../records/tracking/recorder.ts';
export { type RunOutcome, type RunRequest, runWorkflow } from './workflow.ts';

import { type CreateROptions, createR as createBareR, type QlibRecorder } from '../records/tracking/r.ts';
import { keepLibraryRun } from './record/library-record.ts';

/** Makes an `R` with a store of its own. Its runs keep environment, git state, time and memory without being asked; `keep` replaces that. */
export function createR(options: CreateROptions = {}): QlibRecorder {
  const { now = Date.now } = options;
  return createBareR({ keep: (recorder) => keepLibraryRun(recorder, now), ...options });
}

/** qlib's `R`: the process's own recorder; store `./mlruns` until `R.setUri`. */
export const R = createR();
