import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { denseColumn, Panel, PanelIndex } from '../../../components/core/panel.ts';
import { longShortReturn } from '../../../components/eval/long-short.ts';
import { pairsByDay } from '../../../components/eval/pairs-by-day.ts';

const names = ['A', 'B', 'C', 'D', 'E', 'F', 'G', 'H', 'I', 'J', 'K', 'L'];
const [days, size] = [3, names.length];
type Cell = number | null;

/** A panel of the cells that are there, `(days)(names)`; null: no row. */
function panelOf(cells: readonly Cell[], known: readonly string[]): Panel {
  const rows: { day: number; code: number; value: number }[] = [];
  const codes = new Map(known.map((name, code) => [name, code]));
  cells.forEach((value, at) => {
    const code = codes.get(names[at % size]!);
    if (value !== null && code !== undefined) rows.push({ day: Math.floor(at / size), code, value });
  });
  const present = [...new Set(rows.map((r) => r.day))];
  const index = new PanelIndex(
    Float64Array.from(present, (day) => day * 86_400_000),
    Int32Array.from([0, ...present.map((day) => rows.filter((r) => r.day <= day).length)]),
    known,
    Int32Array.from(rows, (r) => r.code),
  );
  return new Panel(index, [
    denseColumn(
      null,
      'x',
      Float64Array.from(rows, (r) => r.value),
    ),
  ]);
}

const cell = fc.oneof(
  { arbitrary: fc.constantFrom<Cell>(null, Number.NaN, 0, -0, 1, 2), weight: 2 },
  { arbitrary: fc.double({ min: -5, max: 5, noNaN: true }), weight: 3 },
);
const cells = fc.array(cell, { minLength: days * size, maxLength: days * size });

/** The day's outer join, the plain way. */
function joined(pred: readonly Cell[], label: readonly Cell[], known: readonly string[], day: number) {
  return names.flatMap((name, i) => {
    const [a, b] = [pred[day * size + i]!, known.includes(name) ? label[day * size + i]! : null];
    return a === null && b === null ? [] : [{ pred: a ?? Number.NaN, label: b ?? Number.NaN }];
  });
}

const meanOf = (values: readonly number[]) => {
  const present = values.filter((x) => !Number.isNaN(x));
  return present.reduce((a, b) => a + b, 0) / present.length;
};

describe('longShortReturn', () => {
  it('is that of sorting each day by itself, NaN scores last on either side', () => {
    fc.assert(
      fc.property(cells, cells, fc.subarray(names, { minLength: 1 }), (pred, label, known) => {
        const panels = [panelOf(pred, names), panelOf(label, known)] as const;
        const pairs = [...pairsByDay(...panels)];
        const result = longShortReturn(...panels);
        const expected = [0, 1, 2].map((day) => joined(pred, label, known, day)).filter((d) => d.length > 0);
        expect(pairs.map((p) => [...p.pred])).toEqual(expected.map((d) => d.map((x) => x.pred)));
        expect(pairs.map((p) => [...p.label])).toEqual(expected.map((d) => d.map((x) => x.label)));
        expect(result.times).toHaveLength(expected.length);
        expected.forEach((day, t) => {
          const count = Math.trunc(day.length * 0.2);
          const ranked = (sign: number) =>
            [...day].sort(
              (a, b) =>
                Number(Number.isNaN(a.pred)) - Number(Number.isNaN(b.pred)) || sign * (a.pred - b.pred) || 0,
            );
          const side = (sign: number) =>
            meanOf(
              ranked(sign)
                .slice(0, count)
                .map((x) => x.label),
            );
          expect(result.longShort[t]).toBe((side(-1) - side(1)) / 2);
          const mean = meanOf(day.map((x) => x.label));
          if (Number.isNaN(mean)) expect(result.average[t]).toBeNaN();
          else expect(result.average[t]).toBeCloseTo(mean, 12);
        });
      }),
      { numRuns: 300 },
    );
  });

  // pandas and qlib's calc_long_short_return: 60 instruments, scores i * 53 % 127, labels (i * 37 % 101) / 1000 - 0.05 as float32
  it('keeps the precision of float32 labels, in pandas order of additions', () => {
    const size = 60;
    const many = Array.from({ length: size }, (_, i) => `I${String(i).padStart(2, '0')}`);
    const index = new PanelIndex(
      Float64Array.of(0, 86_400_000),
      Int32Array.of(0, size, 2 * size),
      many,
      Int32Array.from({ length: 2 * size }, (_, i) => i % size),
    );
    const panel = (values: Float32Array | Float64Array) => new Panel(index, [denseColumn(null, 'x', values)]);
    const pred = panel(Float64Array.from({ length: 2 * size }, (_, i) => (i * 53) % 127));
    const labels = Float32Array.from({ length: 2 * size }, (_, i) => ((i * 37) % 101) / 1000 - 0.05);
    expect(longShortReturn(pred, panel(labels))).toMatchObject({
      longShort: Float32Array.of(0.008291667327284813, 0.004083333071321249),
      average: Float32Array.of(-0.0004833333077840507, -0.0007999998051673174),
    });
    labels.fill(Number.NaN, size);
    expect(longShortReturn(pred, panel(labels))).toMatchObject({
      longShort: Float64Array.of(0.00829166709445417, Number.NaN),
      average: Float32Array.of(-0.0004833333077840507, Number.NaN),
    });
  });
});
