import { describe, expect, it } from 'vitest';
import { stagesText } from '../../../runner/record/stages.ts';

describe('stagesText', () => {
  it('counts time once in which stages overlap', () => {
    const stage = (name: string, start: number, seconds: number) => ({
      stage: name,
      start,
      seconds,
      peakBytes: 1,
    });
    const stages = [stage('data', 0, 2), stage('a', 5, 3), stage('b', 5.5, 4), stage('c', 10, 1)];
    expect(JSON.parse(stagesText(stages))).toMatchObject({ seconds: 2 + 4.5 + 1, stages });
  });

  it('adds stages up of which nobody knows when they began', () => {
    const stages = [2, 3].map((seconds) => ({ stage: 's', seconds, peakBytes: 1 }));
    expect(JSON.parse(stagesText(stages))).toMatchObject({ seconds: 5 });
  });
});
