import { denseColumn, denseValues, type Panel } from '../../../components/core/panel.ts';
import type { Dataset } from '../../../components/dataset/types.ts';
import type { Model } from '../../../components/model/model.ts';

/** Keeps the rows whose value is there, adds 1e-9 x rank of the instrument's name, rounds to 12 decimals: FormulaModel of the goldens' scripts. */
export const formulaModel: Model = {
  async fit() {},
  async predict(dataset: Dataset, segment = 'test') {
    const features = await dataset.prepare(segment, { colSet: 'feature', dataKey: 'infer' });
    const values = denseValues(features.columns[0]!);
    const rows = Uint32Array.from(values.keys()).filter((row) => !Number.isNaN(values[row]!));
    const kept = features.take(rows);
    return kept.withColumns([denseColumn(null, 'score', ranked(kept))]);
  },
  state: () => ({ class: 'FormulaModel', module_path: 'golden_model', kwargs: {}, files: {} }),
};

function ranked(panel: Panel): Float64Array {
  const { codes, instruments } = panel.index;
  const present = [...new Set(codes)].sort((a, b) => (instruments[a]! < instruments[b]! ? -1 : 1));
  const rank = new Map(present.map((code, i) => [code, i]));
  const values = denseValues(panel.columns[0]!);
  return Float64Array.from(codes, (code, row) => {
    const x = values[row]! + 1e-9 * rank.get(code)!;
    const scaled = x * 1e12;
    const nearest = Math.round(scaled);
    const even = Math.abs(scaled % 1) === 0.5 && nearest % 2 !== 0 ? nearest - 1 : nearest;
    return even / 1e12;
  });
}
