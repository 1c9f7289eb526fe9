import type { StageTime } from '../console.ts';

/** Artifact with the wall time, the beginning and the peak memory of each stage. */
export const stagesFile = 'stages.json';

/** Its text; `running` names the stage that had begun and not ended. */
export function stagesText(stages: readonly StageTime[], running?: string): string {
  const record = {
    seconds: secondsOf(stages),
    peakBytes: Math.max(0, ...stages.map(({ peakBytes }) => peakBytes)),
    stages,
    ...(running === undefined ? {} : { running }),
  };
  return `${JSON.stringify(record, null, 2)}\n`;
}

/** Time in which at least one stage ran. */
function secondsOf(stages: readonly StageTime[]): number {
  let [sum, reached] = [0, 0];
  for (const { start = reached, seconds } of [...stages].sort((a, b) => (a.start ?? 0) - (b.start ?? 0))) {
    const end = start + seconds;
    sum += Math.max(0, end - Math.max(start, reached));
    reached = Math.max(reached, end);
  }
  return sum;
}
