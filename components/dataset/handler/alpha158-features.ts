import type { FieldSpec } from '../../data/provider.ts';

export interface Alpha158Config {
  readonly kbar?: Readonly<Record<string, never>>;
  readonly price?: { readonly windows?: readonly number[]; readonly feature?: readonly string[] };
  readonly volume?: { readonly windows?: readonly number[] };
  readonly rolling?: {
    readonly windows?: readonly number[];
    readonly include?: readonly string[] | null;
    readonly exclude?: readonly string[];
  };
}

/** The config of the Alpha158 handler: nine bar shapes, four prices of the day, 29 rolling figures over five windows. */
export const alpha158Config: Alpha158Config = {
  kbar: {},
  price: { windows: [0], feature: ['OPEN', 'HIGH', 'LOW', 'VWAP'] },
  rolling: {},
};

/** Shapes of the day's bar, each relative to the opening price or to the day's range. */
const bars: readonly (readonly [name: string, expression: string])[] = [
  ['KMID', '($close-$open)/$open'],
  ['KLEN', '($high-$low)/$open'],
  ['KMID2', '($close-$open)/($high-$low+1e-12)'],
  ['KUP', '($high-Greater($open, $close))/$open'],
  ['KUP2', '($high-Greater($open, $close))/($high-$low+1e-12)'],
  ['KLOW', '(Less($open, $close)-$low)/$open'],
  ['KLOW2', '(Less($open, $close)-$low)/($high-$low+1e-12)'],
  ['KSFT', '(2*$close-$high-$low)/$open'],
  ['KSFT2', '(2*$close-$high-$low)/($high-$low+1e-12)'],
];

const gain = (field: string) => `Greater(${field}-Ref(${field}, 1), 0)`;
const loss = (field: string) => `Greater(Ref(${field}, 1)-${field}, 0)`;
const move = (field: string) => `Abs(${field}-Ref(${field}, 1))`;
const turnover = 'Abs($close/Ref($close, 1)-1)*$volume';

/** A rolling figure: the name that include and exclude know, the column's prefix where it differs, its expression over d days. */
interface RollingFeature {
  readonly key: string;
  readonly prefix?: string;
  expression(d: number): string;
}

/** In qlib's order. */
const rolling: readonly RollingFeature[] = [
  { key: 'ROC', expression: (d) => `Ref($close, ${d})/$close` },
  { key: 'MA', expression: (d) => `Mean($close, ${d})/$close` },
  { key: 'STD', expression: (d) => `Std($close, ${d})/$close` },
  { key: 'BETA', expression: (d) => `Slope($close, ${d})/$close` },
  { key: 'RSQR', expression: (d) => `Rsquare($close, ${d})` },
  { key: 'RESI', expression: (d) => `Resi($close, ${d})/$close` },
  { key: 'MAX', expression: (d) => `Max($high, ${d})/$close` },
  // qlib's include and exclude call this one LOW
  { key: 'LOW', prefix: 'MIN', expression: (d) => `Min($low, ${d})/$close` },
  { key: 'QTLU', expression: (d) => `Quantile($close, ${d}, 0.8)/$close` },
  { key: 'QTLD', expression: (d) => `Quantile($close, ${d}, 0.2)/$close` },
  { key: 'RANK', expression: (d) => `Rank($close, ${d})` },
  {
    key: 'RSV',
    expression: (d) => `($close-Min($low, ${d}))/(Max($high, ${d})-Min($low, ${d})+1e-12)`,
  },
  { key: 'IMAX', expression: (d) => `IdxMax($high, ${d})/${d}` },
  { key: 'IMIN', expression: (d) => `IdxMin($low, ${d})/${d}` },
  { key: 'IMXD', expression: (d) => `(IdxMax($high, ${d})-IdxMin($low, ${d}))/${d}` },
  { key: 'CORR', expression: (d) => `Corr($close, Log($volume+1), ${d})` },
  {
    key: 'CORD',
    expression: (d) => `Corr($close/Ref($close,1), Log($volume/Ref($volume, 1)+1), ${d})`,
  },
  { key: 'CNTP', expression: (d) => `Mean($close>Ref($close, 1), ${d})` },
  { key: 'CNTN', expression: (d) => `Mean($close<Ref($close, 1), ${d})` },
  {
    key: 'CNTD',
    expression: (d) => `Mean($close>Ref($close, 1), ${d})-Mean($close<Ref($close, 1), ${d})`,
  },
  ...flows('$close', 'SUM'),
  { key: 'VMA', expression: (d) => `Mean($volume, ${d})/($volume+1e-12)` },
  { key: 'VSTD', expression: (d) => `Std($volume, ${d})/($volume+1e-12)` },
  { key: 'WVMA', expression: (d) => `Std(${turnover}, ${d})/(Mean(${turnover}, ${d})+1e-12)` },
  ...flows('$volume', 'VSUM'),
];

/** Share of rises, of falls, and their difference, in all moves of a field over d days. */
function flows(field: string, name: string): RollingFeature[] {
  const all = (d: number) => `(Sum(${move(field)}, ${d})+1e-12)`;
  return [
    { key: `${name}P`, expression: (d) => `Sum(${gain(field)}, ${d})/${all(d)}` },
    { key: `${name}N`, expression: (d) => `Sum(${loss(field)}, ${d})/${all(d)}` },
    {
      key: `${name}D`,
      expression: (d) => `(Sum(${gain(field)}, ${d})-Sum(${loss(field)}, ${d}))/${all(d)}`,
    },
  ];
}

const firstFive = [0, 1, 2, 3, 4];
const prices = ['OPEN', 'HIGH', 'LOW', 'CLOSE', 'VWAP'];

/**
 * Columns and expressions of Alpha158, in qlib's order and spelling. Windows are in rows; window 0 is the day itself.
 * Source: qlib `Alpha158DL.get_feature_config` (contrib/data/loader.py).
 */
export function alpha158Features(config: Alpha158Config = alpha158Config): FieldSpec[] {
  const fields: FieldSpec[] = [];
  const add = (name: string, expression: string) => fields.push({ group: 'feature', name, expression });
  if (config.kbar) for (const [name, expression] of bars) add(name, expression);
  if (config.price) {
    const { windows = firstFive, feature = prices } = config.price;
    for (const price of feature) {
      const field = `$${price.toLowerCase()}`;
      for (const d of windows)
        add(`${price.toUpperCase()}${d}`, d === 0 ? `${field}/$close` : `Ref(${field}, ${d})/$close`);
    }
  }
  if (config.volume)
    for (const d of config.volume.windows ?? firstFive)
      add(`VOLUME${d}`, d === 0 ? '$volume/($volume+1e-12)' : `Ref($volume, ${d})/($volume+1e-12)`);
  if (config.rolling) {
    const { windows = [5, 10, 20, 30, 60], include = null, exclude = [] } = config.rolling;
    for (const { key, prefix = key, expression } of rolling) {
      if (exclude.includes(key) || (include !== null && !include.includes(key))) continue;
      for (const d of windows) add(`${prefix}${d}`, expression(d));
    }
  }
  return fields;
}
