import type { StageTime } from '../console.ts';

/** Artifact with the wall time and the peak memory of each stage. */
export const stagesFile = 'stages.json';

/** Its text; `running` names the stage that had begun and not ended. */
export function stagesText(stages: readonly StageTime[], running?: string): string {
  const record = {
    seconds: stages.reduce((sum, { seconds }) => sum + seconds, 0),
    peakBytes: Math.max(0, ...stages.map(({ peakBytes }) => peakBytes)),
    stages,
    ...(running === undefined ? {} : { running }),
  };
  return `${JSON.stringify(record, null, 2)}\n`;
}
