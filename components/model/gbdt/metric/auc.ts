import type { MakeMetric } from './metric.ts';

/** Share of (positive, negative) pairs in the right order; ties count half. 1 where a class has no row. LightGBM `AUCMetric`. */
export const auc: MakeMetric = () => ({
  name: 'auc',
  maximize: true,
  whole(score, { label, weight, length }) {
    const order = Uint32Array.from({ length }, (_, i) => i).sort((a, b) => score[b]! - score[a]! || a - b);
    let area = 0;
    let positives = 0;
    let negatives = 0;
    for (let i = 0; i < length; ) {
      let tiedPositives = 0;
      let tiedNegatives = 0;
      const threshold = score[order[i]!]!;
      for (; i < length && score[order[i]!]! === threshold; i++) {
        const row = order[i]!;
        const w = weight === null ? 1 : weight[row]!;
        if (label[row]! > 0) tiedPositives += w;
        else tiedNegatives += w;
      }
      area += tiedNegatives * (tiedPositives * 0.5 + positives);
      positives += tiedPositives;
      negatives += tiedNegatives;
    }
    return positives > 0 && negatives > 0 ? area / (positives * negatives) : 1;
  },
});
