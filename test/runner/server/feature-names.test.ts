import { describe, expect, it } from 'vitest';
import { featureNames } from '../../../runner/server/api/feature-names.ts';

const dataset = (handler: string) => `task: {dataset: {kwargs: {handler: ${handler}}}}`;

describe('featureNames', () => {
  it('knows the features of Alpha158 and Alpha360, if there are so many', () => {
    const config = dataset('{class: Alpha158, kwargs: {instruments: all}}');
    expect(featureNames(config, 158)?.slice(0, 2)).toEqual(['KMID', 'KLEN']);
    expect(featureNames(config, 157)).toBeUndefined();
    expect(featureNames(dataset('{class: qlib.contrib.data.handler.Alpha360}'), 360)?.at(0)).toBe('CLOSE59');
  });

  it('reads names, or else expressions, of a loader', () => {
    const loader = (feature: string) =>
      dataset(`{class: DataHandlerLP, kwargs: {data_loader: {kwargs: {config: {feature: ${feature}}}}}}`);
    expect(featureNames(loader('[["$close", "$open"], [C, O]]'), 2)).toEqual(['C', 'O']);
    expect(featureNames(loader('["$close", "$open"]'), 2)).toEqual(['$close', '$open']);
  });

  it('gives nothing for what is no workflow', () => {
    for (const text of ['', '[', 'a: 1', dataset('{kwargs: {}}')])
      expect(featureNames(text, 1)).toBeUndefined();
  });
});
