import { lowerBound, type Time } from '../../components/core/dates.ts';
import { denseValues, type Panel } from '../../components/core/panel.ts';
import type { ScoreInfo } from './explanation.ts';

/** The score of an instrument among those of its day; undefined where it has none. */
export function scoreInfo(pred: Panel, instrument: string, time: Time): ScoreInfo | undefined {
  const { index, columns } = pred;
  const t = lowerBound(index.times, time);
  const code = index.instruments.indexOf(instrument);
  if (index.times[t] !== time || code < 0 || !columns[0]) return undefined;
  const values = denseValues(columns[0]).subarray(index.offsets[t]!, index.offsets[t + 1]!);
  const codes = index.codes.subarray(index.offsets[t]!, index.offsets[t + 1]!);
  const score = values[codes.indexOf(code)];
  if (score === undefined) return undefined;
  const present = values.filter((x) => !Number.isNaN(x));
  const higher = present.filter((x) => x > score).length;
  return {
    score,
    rank: Number.isNaN(score) ? Number.NaN : higher + 1,
    count: present.length,
    recomputed: undefined,
    start: undefined,
  };
}
