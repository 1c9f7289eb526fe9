import { rowCount, type Table } from '../../components/core/table.ts';
import { backtestOverfitting, type Overfitting } from '../../components/eval/overfitting/cscv.ts';
import { type SuperiorAbility, superiorAbility } from '../../components/eval/overfitting/reality-check.ts';
import {
  deflatedSharpe,
  expectedMaxSharpe,
  probabilisticSharpe,
  sharpeSample,
} from '../../components/eval/sharpe.ts';
import { decodeObject } from '../../records/codec/codec.ts';
import type { TrackingStore } from '../../records/tracking/store.ts';
import type { Run } from '../../records/tracking/types.ts';
import { Random } from './random.ts';

/** Daily excess returns after cost of a run. */
export interface Returns {
  readonly runId: string;
  readonly days: readonly number[];
  readonly excess: Float64Array;
}

export interface Luck {
  /** Trials that were made, as the store counts them. */
  readonly trials: number;
  /** Trials whose returns were found. */
  readonly compared: number;
  readonly days: number;
  readonly bestRunId: string;
  /** Per day. */
  readonly sharpe: number;
  readonly expectedMax: number;
  readonly probabilistic: number;
  readonly deflated: number;
  /** Undefined for fewer than two trials or too few days. */
  readonly overfitting: Overfitting | undefined;
  readonly superior: SuperiorAbility | undefined;
}

const minDays = 8;

/** The daily excess returns in a run's portfolio report: return - bench - cost; undefined where it has none. */
export async function returnsOf(store: TrackingStore, { info }: Run): Promise<Returns | undefined> {
  const artifacts = await store.artifacts(info.runId);
  const files = await artifacts.list('portfolio_analysis');
  const report = files.find(({ path }) => /\/report_normal_[^/]*\.pkl$/.test(path));
  if (!report) return undefined;
  const table = (await decodeObject(report.path, await artifacts.read(report.path))) as Table;
  if (table?.kind !== 'frame') return undefined;
  const n = rowCount(table);
  const column = (label: string) =>
    table.columns.find((c) => c.label === label)?.values as Float64Array | undefined;
  const [earned, bench, cost] = ['return', 'bench', 'cost'].map(column);
  if (!earned || !cost) return undefined;
  const [level] = table.index;
  const excess = Float64Array.from({ length: n }, (_, i) => {
    const base = bench?.[i] ?? 0;
    return earned[i]! - (Number.isNaN(base) ? 0 : base) - cost[i]!;
  });
  const days = Array.from({ length: n }, (_, i) =>
    Number(level?.codes ? level.values[level.codes[i]!] : level?.values[i]),
  );
  return { runId: info.runId, days, excess };
}

/** The returns of runs that follow each other, as the folds of a walk-forward do; days that several have are averaged. */
export function joinReturns(parts: readonly Returns[]): Returns {
  const [first] = parts;
  if (parts.length === 1 && first) return first;
  const byDay = new Map<number, number[]>();
  for (const { days, excess } of parts)
    for (const [i, day] of days.entries()) byDay.set(day, [...(byDay.get(day) ?? []), excess[i]!]);
  const days = [...byDay.keys()].sort((a, b) => a - b);
  const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length;
  return { runId: first?.runId ?? '', days, excess: Float64Array.from(days, (day) => mean(byDay.get(day)!)) };
}

/** What chance alone would have brought: over the runs whose returns cover the days that most have. */
export function assessLuck(all: readonly Returns[], trials: number): Luck | undefined {
  const groups = new Map<string, Returns[]>();
  for (const one of all) {
    const key = `${one.days[0]} ${one.days.at(-1)} ${one.days.length}`;
    groups.set(key, [...(groups.get(key) ?? []), one]);
  }
  const runs = [...groups.values()].sort((a, b) => b.length - a.length)[0];
  if (!runs) return undefined;
  const samples = runs.map(({ excess }) => sharpeSample(excess));
  const ratios = samples.map((sample) => sample.ratio);
  const best = ratios.indexOf(
    Math.max(...ratios.map((r) => (Number.isNaN(r) ? Number.NEGATIVE_INFINITY : r))),
  );
  const sample = samples[best];
  if (!sample) return undefined;
  const mean = ratios.reduce((a, b) => a + b, 0) / ratios.length;
  const variance =
    ratios.length < 2 ? 0 : ratios.reduce((s, r) => s + (r - mean) ** 2, 0) / (ratios.length - 1);
  const days = runs[0]!.days.length;
  const excess = runs.map((run) => run.excess);
  const isEnough = runs.length > 1 && days >= minDays;
  const random = new Random(0);
  return {
    trials,
    compared: runs.length,
    days,
    bestRunId: runs[best]!.runId,
    sharpe: sample.ratio,
    expectedMax: expectedMaxSharpe(trials, variance),
    probabilistic: probabilisticSharpe(sample),
    deflated: deflatedSharpe(sample, { trials, variance }),
    overfitting: isEnough ? backtestOverfitting(excess, blocksFor(runs.length)) : undefined,
    superior: days >= minDays ? superiorAbility(excess, { uniform: () => random.uniform() }) : undefined,
  };
}

/** 16 as in the paper; fewer for so many strategies that the splits would take minutes. */
const blocksFor = (strategies: number) => (strategies <= 500 ? 16 : strategies <= 5000 ? 12 : 10);
