import type { FeatureColumn } from '../gbdt/index.ts';
import { CatRandom } from './random.ts';

const mostBins = 1 << 10;
const mostChecked = 100;
const packSize = 8;

/** Features that share a column: no row is above the first border of more than one. */
interface Bundle {
  readonly features: number[];
  bins: number;
  rows: number;
  /** Which rows are above a first border; null while nobody asked. */
  mask: Uint8Array | null;
}

/**
 * CatBoost's bundles of exclusive features, of two or more each: a feature joins the bundle of its neighbours or the first that it doesn't clash with. Features are
 * taken in their order, or by how many rows are above the first border where that leaves fewer columns. Source: catboost libs/data/exclusive_feature_bundling.cpp.
 */
export function bundleFeatures(
  borders: readonly Float32Array[],
  columns: readonly FeatureColumn[],
  length: number,
): number[][] {
  const order = borders.flatMap((b, f) => (b.length > 0 ? [f] : []));
  const counts = columns.map((column, f) => countAbove(column, borders[f]![0], length));
  const least = [...counts].sort((a, b) => a - b);
  // most data have no two features that could share
  if (order.length < 2 || (least[0] ?? 0) + (least[1] ?? 0) > length) return [];
  const bundler = new Bundler(borders, columns, counts, length);
  const first = bundler.bundle(order);
  const second = bundler.bundle([...order].sort((a, b) => counts[b]! - counts[a]!));
  const saved = (bundles: number[][]) => bundles.flat().length - bundles.length;
  return saved(second) > saved(first) ? second : first;
}

class Bundler {
  readonly #borders: readonly Float32Array[];
  readonly #columns: readonly FeatureColumn[];
  readonly #counts: readonly number[];
  readonly #length: number;

  constructor(
    borders: readonly Float32Array[],
    columns: readonly FeatureColumn[],
    counts: readonly number[],
    length: number,
  ) {
    this.#borders = borders;
    this.#columns = columns;
    this.#counts = counts;
    this.#length = length;
  }

  bundle(order: readonly number[]): number[][] {
    const random = new CatRandom(0, 0);
    const bundles: Bundle[] = [];
    const bundleOf = new Map<number, Bundle>();
    for (const f of order) {
      const bundle = this.#find(f, bundles, bundleOf, random) ?? this.#add(bundles);
      this.#join(bundle, f);
      bundleOf.set(f, bundle);
    }
    const isSmall = ({ features, bins }: Bundle) =>
      bins === features.length && 2 * features.length < packSize;
    const small = bundles.filter(isSmall);
    const parts = small.reduce((sum, { features }) => sum + features.length, 0);
    const keepsSmall = Math.ceil(parts / packSize) >= 2 * small.length;
    return bundles
      .filter((bundle) => bundle.features.length > 1 && (keepsSmall || !isSmall(bundle)))
      .map(({ features }) => features);
  }

  #find(
    feature: number,
    bundles: readonly Bundle[],
    bundleOf: ReadonlyMap<number, Bundle>,
    random: CatRandom,
  ): Bundle | undefined {
    const checked = new Set<Bundle>();
    for (const neighbour of [feature - 1, feature + 1]) {
      const bundle = bundleOf.get(neighbour);
      if (!bundle || checked.has(bundle)) continue;
      if (this.#fits(bundle, feature)) return bundle;
      checked.add(bundle);
    }
    const others = bundles.filter((bundle) => !checked.has(bundle) && this.#mayFit(bundle, feature));
    const most = mostChecked - checked.size;
    for (let i = 0; others.length > most && i < most; i++) {
      const j = i + random.below(others.length - i);
      [others[i], others[j]] = [others[j]!, others[i]!];
    }
    return others.slice(0, most).find((bundle) => this.#fits(bundle, feature));
  }

  #mayFit({ bins, rows }: Bundle, feature: number): boolean {
    return bins + this.#borders[feature]!.length < mostBins && rows + this.#counts[feature]! <= this.#length;
  }

  #fits(bundle: Bundle, feature: number): boolean {
    if (!this.#mayFit(bundle, feature)) return false;
    const mask = (bundle.mask ??= this.#maskOf(bundle));
    const { values, rows } = this.#columns[feature]!;
    const border = this.#borders[feature]![0]!;
    for (let i = 0; i < this.#length; i++)
      if (values[rows ? rows[i]! : i]! > border && mask[i] !== 0) return false;
    return true;
  }

  #add(bundles: Bundle[]): Bundle {
    const bundle: Bundle = { features: [], bins: 0, rows: 0, mask: null };
    bundles.push(bundle);
    return bundle;
  }

  #join(bundle: Bundle, feature: number): void {
    bundle.features.push(feature);
    bundle.bins += this.#borders[feature]!.length;
    bundle.rows += this.#counts[feature]!;
    if (bundle.mask) this.#mark(feature, bundle.mask);
  }

  #maskOf({ features }: Bundle): Uint8Array {
    const mask = new Uint8Array(this.#length);
    for (const feature of features) this.#mark(feature, mask);
    return mask;
  }

  #mark(feature: number, mask: Uint8Array): void {
    const { values, rows } = this.#columns[feature]!;
    const border = this.#borders[feature]![0]!;
    for (let i = 0; i < mask.length; i++) if (values[rows ? rows[i]! : i]! > border) mask[i] = 1;
  }
}

/** Rows above a border; all where there is none. */
function countAbove({ values, rows }: FeatureColumn, border: number | undefined, length: number): number {
  if (border === undefined) return length;
  let count = 0;
  for (let i = 0; i < length; i++) if (values[rows ? rows[i]! : i]! > border) count++;
  return count;
}
