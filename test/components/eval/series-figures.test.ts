import { describe, expect, it } from 'vitest';
import { seriesDeviation, seriesMean, seriesRatio } from '../../../components/eval/series-figures.ts';

// v = pd.Series([(i * 37 % 101) / 1000 - 0.05 for i in range(300)]); v[7] = np.nan; v.mean(), v.std(), with .astype("f4") and without
const values = Float64Array.from({ length: 300 }, (_, i) =>
  i === 7 ? Number.NaN : ((i * 37) % 101) / 1000 - 0.05,
);
const single = Float32Array.from(values);

describe('seriesMean and seriesDeviation', () => {
  it('keep float32, to the bit as pandas', () => {
    expect(seriesMean(single)).toBe(-0.00013043484068475664);
    expect(seriesDeviation(single)).toBe(0.02925758622586727);
    expect(seriesRatio(single)).toBe(-0.004458154551684856);
  });

  it('are doubles of doubles', () => {
    expect(seriesMean(values)).toBeCloseTo(-0.0001304347884146665, 10);
    expect(seriesDeviation(values)).toBeCloseTo(0.029257587449263867, 8);
  });

  it('are NaN where too few are present', () => {
    expect(seriesMean(new Float32Array(0))).toBeNaN();
    expect(seriesMean(Float64Array.of(Number.NaN))).toBeNaN();
    expect(seriesDeviation(Float64Array.of(1, Number.NaN))).toBeNaN();
  });
});
