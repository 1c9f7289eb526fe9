import { describe, expect, it } from 'vitest';
import { UserError } from '../../components/core/errors.ts';
import { memoryLimits } from '../../runner/memory-limits.ts';

describe('memoryLimits', () => {
  it('lets features take a quarter of the memory', () => {
    const { features, total } = memoryLimits({});
    expect(features).toBe(total / 4);
    expect(memoryLimits({ QRUN_FEATURE_MEMORY: '' }).features).toBe(features);
  });

  it('reads sizes', () => {
    const features = (text: string) => memoryLimits({ QRUN_FEATURE_MEMORY: text }).features;
    expect(['0', '1.5G', '500M', '2gb', '1048576', '10K'].map(features)).toEqual([
      0, 1.5e9, 5e8, 2e9, 1048576, 10_000,
    ]);
  });

  it('refuses what is no size', () => {
    expect(() => memoryLimits({ QRUN_FEATURE_MEMORY: 'lots' })).toThrow(UserError);
    expect(() => memoryLimits({ QRUN_FEATURE_MEMORY: '-1' })).toThrow(
      'QRUN_FEATURE_MEMORY is "-1", which is no size\n  write 2G, 500M or a number of bytes; 0 computes all features in blocks',
    );
  });
});
