import type { TrainingData } from '../../../../components/model/gbdt/index.ts';

/** The data of one case, as made_data.py makes them. */
export function makeCase(
  rows: number,
  seed: number,
  labels: string,
): Required<Pick<TrainingData, 'columns' | 'label' | 'weight'>> {
  let x = seed;
  const next = () => {
    x = (Math.imul(x, 1664525) + 1013904223) >>> 0;
    return x / 2 ** 32;
  };
  const columns = Array.from({ length: 8 }, () => ({ values: new Float32Array(rows), rows: null }));
  const label = new Float32Array(rows);
  for (let r = 0; r < rows; r++) {
    for (let f = 0; f < 8; f++) {
      let u = next() + next() - 1;
      if (f === 1) u = Math.floor(u * 6);
      if (f === 2) u = Math.max(0, u);
      if (f === 3 && next() < 0.1) u = Number.NaN;
      columns[f]!.values[r] = u;
    }
    const at = (f: number) => columns[f]!.values[r]!;
    const value = at(0) * at(1) + at(2) + (next() - 0.5);
    if (labels === 'positive') label[r] = Math.abs(value) + 0.1;
    else if (labels === 'unit') label[r] = Math.min(1, Math.max(0, value + 0.5));
    else if (labels === 'classes') label[r] = Math.min(3, Math.max(0, Math.floor(value * 2 + 1.5)));
    else if (labels === 'binary') label[r] = value > 0.2 ? 1 : 0;
    else label[r] = value;
  }
  return { columns, label, weight: Float32Array.from({ length: rows }, () => next() * 2) };
}
