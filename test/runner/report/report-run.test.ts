import { describe, expect, it } from 'vitest';
import { silentLog } from '../../../components/core/log.ts';
import { reportRun } from '../../../runner/report-run.ts';
import { market } from '../../components/backtest/market.ts';
import { newR } from '../../records/tracking/support.ts';

describe('reportRun', () => {
  it('makes a warning of what goes wrong, never an error', async () => {
    const { R } = newR();
    await R.startExp({ experimentName: 'x' });
    const recorder = await R.getRecorder();
    await recorder.saveObjects({ 'pred.pkl': 'no table', 'label.pkl': 'no table' });
    const warnings: string[] = [];
    const log = { ...silentLog, warn: (message: string) => void warnings.push(message) };
    const data = market(new Float64Array(0), {});
    await reportRun({ R, recorder, data, log });
    expect(warnings).toEqual([]);
    expect(await recorder.listArtifacts()).not.toContain('report.html');
    Object.assign(recorder, {
      listArtifacts: async () => {
        throw new Error('the disk is full');
      },
    });
    await reportRun({ R, recorder, data, log });
    expect(warnings).toEqual(['no report: the disk is full']);
  });
});
