import { decodeObject } from '../../../records/codec/codec.ts';
import { localTime } from '../../../records/tracking/local-time.ts';
import { settledRun } from '../../../records/tracking/mark-dead.ts';
import { showValue } from '../show.ts';
import { allArtifacts } from './all-artifacts.ts';
import { listedRun } from './columns.ts';
import { findRun } from './find-run.ts';
import { print, type StoreFlags, withStore } from './open.ts';
import { runJson } from './run-json.ts';
import { textTable } from './text-table.ts';

export interface ShowRunFlags extends StoreFlags {
  readonly run: string;
  /** Show what this artifact holds instead. */
  readonly artifact?: string;
  readonly json?: boolean;
  readonly rows?: number;
}

/** `qrun runs show RUN [ARTIFACT]`: all that is known of a run, or what one artifact holds. Nothing in an artifact is executed. */
export function showRun(flags: ShowRunFlags): Promise<number> {
  return withStore(flags, async (store) => {
    const run = await settledRun(store, await findRun(store, flags.run), Date.now());
    const artifacts = await store.artifacts(run.info.runId);
    if (flags.artifact !== undefined) {
      const value = await decodeObject(flags.artifact, await artifacts.read(flags.artifact));
      showValue(value, { json: flags.json === true, rows: flags.rows ?? 60 });
      return 0;
    }
    const files = await allArtifacts(artifacts);
    const { name } = await store.getExperiment(run.info.experimentId);
    const listed = listedRun(run, new Map([[run.info.experimentId, name]]), Date.now());
    if (flags.json) {
      print(
        JSON.stringify(
          { ...runJson(listed), artifacts: files.map(({ path, size }) => ({ path, size })) },
          null,
          2,
        ),
      );
      return 0;
    }
    const { info, data } = run;
    const section = (title: string, rows: readonly (readonly [string, string | number])[]) => {
      if (rows.length > 0) print(`\n${textTable([title, ''], rows, { whole: true })}`);
    };
    print(
      `run ${info.runId}  ${info.runName}  ${listed.status}${info.lifecycleStage === 'deleted' ? '  (deleted)' : ''}`,
    );
    print(`experiment "${name}" (${info.experimentId})`);
    print(
      `started ${localTime(info.startTime) ?? '?'}  ended ${localTime(info.endTime) ?? '-'}  by ${info.userId}`,
    );
    print(`artifacts in ${artifacts.localPath() ?? artifacts.uri}`);
    section(
      'metric',
      [...data.metrics].sort(byKey).map(([key, { value }]) => [key, value]),
    );
    section('param', [...data.params].sort(byKey));
    section('tag', [...data.tags].sort(byKey));
    section(
      'artifact',
      files.map(({ path, size }) => [path, size ?? 0]),
    );
    return 0;
  });
}

const byKey = ([a]: readonly [string, unknown], [b]: readonly [string, unknown]) =>
  a < b ? -1 : a > b ? 1 : 0;
