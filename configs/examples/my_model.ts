import {
  allocate,
  type Context,
  type Dataset,
  denseColumn,
  denseValues,
  type FitOptions,
  type Model,
  type ModelState,
  Panel,
  type Segment,
} from 'qrun';

interface Options {
  /** How many features to use: those with the strongest correlation. */
  readonly top?: number;
}

/**
 * A model of your own: weighs each feature by its correlation with the label in the training segment and adds up the strongest ones.
 * A workflow names it by `module_path: ./my_model.ts`; nothing is built.
 */
export class CorrelationModel implements Model {
  /** What kwargs may be, as JSON schema: a misspelt key is told before any data is read. */
  static readonly schema = {
    type: 'object',
    properties: { top: { type: 'integer', minimum: 1 } },
    additionalProperties: false,
  };

  readonly #top: number;
  #weights: ReadonlyMap<string, number> = new Map();

  constructor({ top = 30 }: Options, _context: Context) {
    this.#top = top;
  }

  async fit(dataset: Dataset, { log }: FitOptions): Promise<void> {
    const panel = await dataset.prepare('train', { colSet: ['feature', 'label'], dataKey: 'learn' });
    const label = denseValues(panel.group('label').columns[0]!);
    const all = panel
      .group('feature')
      .columns.map((column) => [column.name, correlation(denseValues(column), label)] as const)
      .filter(([, weight]) => Number.isFinite(weight))
      .sort(([, a], [, b]) => Math.abs(b) - Math.abs(a));
    this.#weights = new Map(all.slice(0, this.#top));
    log.info(
      `strongest: ${all
        .slice(0, 5)
        .map(([name, weight]) => `${name} ${weight.toFixed(4)}`)
        .join(', ')}`,
    );
  }

  async predict(dataset: Dataset, segment: string | Segment = 'test'): Promise<Panel> {
    const panel = await dataset.prepare(segment, { colSet: 'feature', dataKey: 'infer' });
    const score = allocate('f64', panel.length);
    for (const column of panel.columns) {
      const weight = this.#weights.get(column.name) ?? 0;
      if (weight === 0) continue;
      const values = denseValues(column);
      for (let row = 0; row < score.length; row++) score[row]! += weight * values[row]!;
    }
    return new Panel(panel.index, [denseColumn(null, 'score', score)]);
  }

  /** What is kept of the fitted model in the run's `params.pkl`. */
  state(): ModelState {
    const weights = JSON.stringify(Object.fromEntries(this.#weights));
    return {
      class: 'CorrelationModel',
      module_path: './my_model.ts',
      kwargs: { top: this.#top },
      files: { 'weights.json': weights },
    };
  }
}

/** Pearson correlation over the rows where both are numbers. */
function correlation(x: ArrayLike<number>, y: ArrayLike<number>): number {
  let [n, sx, sy, sxx, syy, sxy] = [0, 0, 0, 0, 0, 0];
  for (let row = 0; row < x.length; row++) {
    const [a, b] = [x[row]!, y[row]!];
    if (!Number.isFinite(a) || !Number.isFinite(b)) continue;
    n++;
    sx += a;
    sy += b;
    sxx += a * a;
    syy += b * b;
    sxy += a * b;
  }
  return (n * sxy - sx * sy) / Math.sqrt((n * sxx - sx * sx) * (n * syy - sy * sy));
}
