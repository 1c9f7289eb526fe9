import { describe, expect, it } from 'vitest';
import { PanelIndex } from '../../../components/core/panel.ts';
import { hfSignalTest } from '../../../components/eval/hf-signal-test.ts';

/** Times of 60, 70 and 30 instruments: at 0.2 the last one is left out. */
function made() {
  const offsets = Int32Array.of(0, 60, 130, 160);
  const names = Array.from({ length: 160 }, (_, i) => `I${String(i).padStart(3, '0')}`);
  const codes = Int32Array.from({ length: 160 }, (_, i) => i);
  const score = Float64Array.from({ length: 160 }, (_, i) => (i * 37) % 11);
  const label = Float64Array.from({ length: 160 }, (_, i) => ((i * 53) % 101) / 101 + score[i]! / 40);
  return { index: new PanelIndex(Float64Array.of(0, 1, 2), offsets, names, codes), score, label };
}

describe('hfSignalTest', () => {
  // qlib 0.9.7, numpy 1.26, pandas 2.2: with score and label as above, i = numpy.arange(160), label as float32, over (time, i)
  // y["label"] -= y["label"].groupby(level=0).mean(); HFLGBModel()._cal_signal_metrics(y, 0.2, 1 - 0.2)
  it("is qlib's, ties included", () => {
    const { index, score, label } = made();
    expect(hfSignalTest(index, score, Float32Array.from(label))).toEqual({
      positivePrecision: 0.5773809523809523,
      negativePrecision: 0.6190476190476191,
      positiveAlpha: 0.09934048354625702,
      negativeAlpha: -0.09987714886665344,
      leftOut: 1,
    });
  });

  it('finds all where scores are the labels', () => {
    const { index, label } = made();
    const test = hfSignalTest(index, label, label);
    expect([test.positivePrecision, test.negativePrecision]).toEqual([1, 1]);
    expect(test.positiveAlpha).toBeGreaterThan(0.3);
    expect(test.negativeAlpha).toBeLessThan(-0.3);
  });

  it('has no figures where every time is too small', () => {
    const { index, score, label } = made();
    expect(hfSignalTest(index, score, label, 0.1)).toEqual({
      positivePrecision: Number.NaN,
      negativePrecision: Number.NaN,
      positiveAlpha: Number.NaN,
      negativeAlpha: Number.NaN,
      leftOut: 3,
    });
  });
});
