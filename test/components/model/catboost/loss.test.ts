import { describe, expect, it } from 'vitest';
import { catLosses } from '../../../../components/model/catboost/loss.ts';

const weights = Float32Array.of(1, 2, 0.5, 3, 1, 0.25, 4);

// catboost 1.2.10: CatBoost(dict(loss_function=..., boost_from_average=True, iterations=1)).fit(Pool(np.arange(7).reshape(-1, 1), labels, weight=weights)).get_scale_and_bias()[1]
describe('the score to start from', () => {
  it.each([
    ['RMSE', [0.1, 0.2, 0.4, 0.7, 0.35, 0.11, 0.9], null, 0.3942857086658478],
    ['RMSE', [0.1, 0.2, 0.4, 0.7, 0.35, 0.11, 0.9], weights, 0.576808512210846],
    ['Logloss', [1, 0, 0, 1, 0, 0, 1], null, -0.2876820550670929],
    ['Logloss', [1, 0, 0, 1, 0, 0, 1], weights, 0.7576856024806198],
  ] as const)("is CatBoost's, of a mean in float32: %s", (name, labels, weight, expected) => {
    expect(catLosses[name].start(Float32Array.from(labels), weight)).toBe(expected);
  });
});
