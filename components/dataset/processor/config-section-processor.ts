import type { PanelIndex, Values } from '../../core/panel.ts';
import { pow } from '../../core/power.ts';
import type { Definition } from '../../core/registry.ts';
import { extent, mean, medianOfPresent, presentValues, roundingOf, sampleStd } from '../../core/stats.ts';
import type { Processor } from '../types.ts';
import { columnProcessor } from './column-processor.ts';
import { eachDay } from './each-day.ts';
import { fieldsGroupSchema, kwargsSchema } from './schema.ts';

export interface ConfigSectionProcessorOptions {
  readonly fields_group?: string | null;
  readonly fillna_feature?: boolean;
  readonly fillna_label?: boolean;
  readonly clip_feature_outlier?: boolean;
  readonly shrink_feature_outlier?: boolean;
  readonly clip_label_outlier?: boolean;
}

type Settings = Required<Omit<ConfigSectionProcessorOptions, 'fields_group'>>;

/** Which columns are bent how before they are normalised, in qlib's order: a name that matches twice is treated twice, as in qlib. */
const sections: readonly { readonly names: RegExp; readonly bend: (x: number) => number }[] = [
  { names: /^(KLEN|KLOW|KUP)/, bend: (x) => pow(x, 0.25) },
  { names: /^(KLOW2|KUP2)/, bend: (x) => pow(x, 0.5) },
  {
    names:
      /^(?!(HIGH0|LOW0)$)(KMID|KSFT|OPEN|HIGH|LOW|CLOSE|VWAP|ROC|MA|BETA|RESI|QTLU|QTLD|RSV|SUMP|SUMN|SUMD|VSUMP|VSUMN|VSUMD)/,
    bend: (x) => x,
  },
  { names: /^(STD|VOLUME|VMA|VSTD)/, bend: Math.log },
  { names: /^RSQR/, bend: (x) => (Number.isNaN(x) ? 0 : x) },
  { names: /^(MAX|HIGH0)/, bend: (x) => pow(x - 1, 0.5) },
  { names: /^(MIN|LOW0)/, bend: (x) => pow(1 - x, 0.5) },
  { names: /^(CORR|CORD)/, bend: Math.exp },
  { names: /^WVMA/, bend: Math.log1p },
];

/**
 * Normalises the columns of Alpha158 within each day, each kind of column bent first towards a symmetric shape: features to (x - median) /
 * (1.4826 · MAD), outliers beyond ±3 shrunk or cut; labels to (x - mean) / std. Treats all columns, whatever `fields_group` says.
 * Source: qlib contrib/data/processor.py, which fails on today's pandas.
 */
export const ConfigSectionProcessor: Definition<Processor, ConfigSectionProcessorOptions> = {
  name: 'ConfigSectionProcessor',
  schema: kwargsSchema({
    fields_group: { ...fieldsGroupSchema, description: 'no effect, as in qlib: all columns are treated' },
    fillna_feature: { type: 'boolean' },
    fillna_label: { type: 'boolean' },
    clip_feature_outlier: { type: 'boolean' },
    shrink_feature_outlier: { type: 'boolean' },
    clip_label_outlier: { type: 'boolean' },
  }),
  create: (options) => {
    const settings: Settings = {
      fillna_feature: options.fillna_feature ?? true,
      fillna_label: options.fillna_label ?? true,
      clip_feature_outlier: options.clip_feature_outlier ?? false,
      shrink_feature_outlier: options.shrink_feature_outlier ?? true,
      clip_label_outlier: options.clip_label_outlier ?? false,
    };
    return columnProcessor<undefined>({
      fieldsGroup: null,
      map(x, _, index, out, name) {
        if (out !== x) out.set(x);
        if (name.startsWith('LABEL')) normalizeLabels(out, index, settings);
        for (const { names, bend } of sections)
          if (names.test(name)) {
            for (let i = 0; i < out.length; i++) out[i] = bend(out[i]!);
            eachDay(index, (from, to) => normalizeFeature(out.subarray(from, to), settings));
          }
        return out;
      },
    });
  },
};

function normalizeLabels(x: Values, index: PanelIndex, settings: Settings): void {
  const round = roundingOf(x);
  eachDay(index, (from, to) => {
    const center = mean(x, from, to);
    const spread = sampleStd(x, from, to);
    for (let i = from; i < to; i++) x[i] = round(x[i]! - center) / spread;
  });
  if (settings.clip_label_outlier) clip(x);
  if (settings.fillna_label) fill(x);
}

function normalizeFeature(x: Values, settings: Settings): void {
  const round = roundingOf(x);
  const center = medianOfPresent(presentValues(x));
  for (let i = 0; i < x.length; i++) x[i] = x[i]! - center;
  const deviation = medianOfPresent(presentValues(x).map(Math.abs));
  const spread = round(deviation * round(1.4826));
  for (let i = 0; i < x.length; i++) x[i] = x[i]! / spread;
  if (settings.clip_feature_outlier) clip(x);
  if (settings.shrink_feature_outlier) {
    shrink(x, 1);
    shrink(x, -1);
  }
  if (settings.fillna_feature) fill(x);
}

/** Maps what lies beyond 3 (side 1) or -3 (side -1) into half a unit beyond it, keeping the order. */
function shrink(x: Values, side: 1 | -1): void {
  const round = roundingOf(x);
  const { min, max } = extent(x);
  const farthest = round((side === 1 ? max : -min) - 3);
  for (let i = 0; i < x.length; i++) {
    const distance = side * x[i]!;
    if (distance > 3) x[i] = side * round(3 + round(round(round(distance - 3) / farthest) * 0.5));
  }
}

function clip(x: Values): void {
  for (let i = 0; i < x.length; i++) if (Math.abs(x[i]!) > 3) x[i] = Math.sign(x[i]!) * 3;
}

function fill(x: Values): void {
  for (let i = 0; i < x.length; i++) if (Number.isNaN(x[i]!)) x[i] = 0;
}
