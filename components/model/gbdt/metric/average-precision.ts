import type { MakeMetric } from './metric.ts';

/** Area under precision over recall; rows of equal scores come together. 1 where a class has no row. LightGBM `AveragePrecisionMetric`. */
export const averagePrecision: MakeMetric = () => ({
  name: 'average_precision',
  maximize: true,
  whole(score, { label, weight, length }) {
    const order = Uint32Array.from({ length }, (_, i) => i).sort((a, b) => score[b]! - score[a]! || a - b);
    let positives = 0;
    let all = 0;
    let area = 0;
    for (let i = 0; i < length; ) {
      const threshold = score[order[i]!]!;
      let tiedPositives = 0;
      let tiedNegatives = 0;
      for (; i < length && score[order[i]!]! === threshold; i++) {
        const row = order[i]!;
        const w = weight === null ? 1 : weight[row]!;
        if (label[row]! > 0) tiedPositives += w;
        else tiedNegatives += w;
      }
      positives += tiedPositives;
      all += tiedPositives + tiedNegatives;
      area += tiedPositives * (positives / all);
    }
    return positives > 0 && positives !== all ? area / positives : 1;
  },
});
