import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createR } from '../../../runner/index.ts';
import { RunRecord } from '../../../runner/record/run-record.ts';
import { newFolder, newR, quietEnvironment } from '../../records/tracking/support.ts';

interface Stages {
  readonly seconds: number;
  readonly peakBytes: number;
  readonly stages: readonly { readonly stage: string }[];
  readonly running?: string;
}

const asObject = (value: unknown) => JSON.parse(JSON.stringify(value, mapsAsObjects)) as unknown;
const mapsAsObjects = (_: string, value: unknown) =>
  value instanceof Map ? Object.fromEntries(value) : value;

function newLibraryR() {
  return createR({
    uri: join(newFolder(), 'mlruns'),
    environment: quietEnvironment,
    signals: null,
  });
}

describe('what a run of R keeps outside of qrun CONFIG', () => {
  it('has environment, time and memory, also where it failed', async () => {
    const R = newLibraryR();
    let id = '';
    await R.start({ experimentName: 'e' }, async () => {
      id = (await R.getRecorder()).id;
      throw new Error('on purpose');
    }).catch(() => undefined);
    const recorder = await R.getRecorder({ experimentName: 'e', recorderId: id });
    expect(await recorder.listArtifacts()).toEqual(['environment.json', 'stages.json']);
    const environment = asObject(await recorder.loadObject('environment.json'));
    expect(environment).toMatchObject({
      node: process.version,
      pid: process.pid,
      cwd: process.cwd(),
      command: process.argv,
    });
    expect(environment).toHaveProperty('host');
    expect(environment).toHaveProperty('packages.libsql');
    const stages = asObject(await recorder.loadObject('stages.json')) as Stages;
    expect(stages.stages.map(({ stage }) => stage)).toEqual(['run']);
    expect(stages.peakBytes).toBeGreaterThan(1e6);
    expect(stages).not.toHaveProperty('running');
    const commit = (environment as { git: { commit: string } | null }).git?.commit;
    expect((await recorder.listTags())['mlflow.source.git.commit']).toBe(commit);
  });

  it('keeps the environment that made it when it is taken up again', async () => {
    const R = newLibraryR();
    const first = await R.start({ experimentName: 'e' }, () => R.getRecorder());
    await first.saveObjects({ 'environment.json': { mine: 1 } });
    await R.start({ experimentName: 'e', recorderId: first.id, resume: true }, () => undefined);
    expect(asObject(await first.loadObject('environment.json'))).toEqual({ mine: 1 });
  });
});

describe('stages.json', () => {
  it('has what a run did until it was killed', async () => {
    const { R } = newR();
    const experiment = await R.startExp({ experimentName: 'e' });
    const recorder = experiment.activeRecorder!;
    const log = { info() {}, warn() {}, metric() {}, progress() {} };
    const record = await RunRecord.start({
      recorder,
      log,
      config: '',
      settings: { cwd: newFolder() },
    });
    record.stagesChanged([{ stage: 'data', seconds: 2, peakBytes: 5e6 }], 'train');
    await expect
      .poll(async () => ((await recorder.listArtifacts()).includes('stages.json') ? 'written' : 'absent'))
      .toBe('written');
    expect(asObject(await recorder.loadObject('stages.json'))).toEqual({
      seconds: 2,
      peakBytes: 5e6,
      stages: [{ stage: 'data', seconds: 2, peakBytes: 5e6 }],
      running: 'train',
    });
    await R.endExp('KILLED');
  });
});
