/** Rows by falling output; rows of equal output stand together. */
function byOutput(output: Float32Array): Uint32Array {
  return Uint32Array.from(output, (_, i) => i).sort((a, b) => output[b]! - output[a]!);
}

/** Walks the groups of equal outputs from the highest: sums of weight above, and with them, of labels 1 and 0. */
function walk(
  output: Float32Array,
  label: Float32Array,
  weight: Float32Array | null,
  visit: (positives: number, negatives: number, positivesBefore: number, negativesBefore: number) => void,
): [number, number] {
  const order = byOutput(output);
  let positives = 0;
  let negatives = 0;
  for (let i = 0; i < order.length; ) {
    const [before, beforeN] = [positives, negatives];
    const value = output[order[i]!];
    for (; i < order.length && output[order[i]!] === value; i++) {
      const row = order[i]!;
      const w = weight ? weight[row]! : 1;
      positives += label[row]! * w;
      negatives += (1 - label[row]!) * w;
    }
    visit(positives, negatives, before, beforeN);
  }
  return [positives, negatives];
}

/** Area under the curve of true positives over false positives; NaN where there is one class alone. Ties count half. */
export function areaUnderRoc(output: Float32Array, label: Float32Array, weight: Float32Array | null): number {
  let area = 0;
  const [positives, negatives] = walk(output, label, weight, (p, n, before, beforeN) => {
    area += ((p + before) / 2) * (n - beforeN);
  });
  return positives > 0 && negatives > 0 ? area / (positives * negatives) : Number.NaN;
}

/**
 * Area under the curve of precision over recall; between two points true and false positives grow together (Davis and Goadrich 2006). NaN where there is one
 * class alone. Source: XGBoost src/metric/auc.h.
 */
export function areaUnderPrecision(
  output: Float32Array,
  label: Float32Array,
  weight: Float32Array | null,
): number {
  let total = 0;
  let others = 0;
  for (let i = 0; i < label.length; i++) {
    total += label[i]! * (weight ? weight[i]! : 1);
    others += (1 - label[i]!) * (weight ? weight[i]! : 1);
  }
  if (!(total > 0 && others > 0)) return Number.NaN;
  let area = 0;
  walk(output, label, weight, (tp, fp, tpBefore, fpBefore) => {
    if (tp === tpBefore) return;
    const h = (fp - fpBefore) / (tp - tpBefore);
    const a = h + 1;
    const b = (fpBefore - h * tpBefore) / total;
    const at = (recall: number) => (b !== 0 ? (recall - (b / a) * Math.log(a * recall + b)) / a : recall / a);
    area += at(tp / total) - at(tpBefore / total);
  });
  return area;
}
