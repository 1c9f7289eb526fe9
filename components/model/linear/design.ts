import { UserError } from '../../core/errors.ts';
import type { Panel, PanelColumn } from '../../core/panel.ts';
import type { Reweighter } from '../../dataset/types.ts';

/** One panel's part of a regression: the columns and the rows in which nothing is missing. */
interface Part {
  readonly columns: readonly PanelColumn[];
  readonly label: PanelColumn;
  readonly rows: Uint32Array;
  /** Row weights, `(rows of the panel)`. */
  readonly weights: Float64Array | null;
}

/** What is taken off before a regression: means, `(features)` and one of the label. */
export interface Center {
  readonly x: ArrayLike<number>;
  readonly y: number;
}

/** Where `read` puts cells: feature j of row i at `i · rowStep + j · columnStep`. */
export interface Block {
  readonly x: Float64Array;
  readonly rowStep: number;
  readonly columnStep: number;
  readonly y: Float64Array;
}

export interface ReadOptions {
  readonly center?: Center | null;
  /** Round to float32 after each step, as arithmetic on float32 does. */
  readonly single?: boolean;
}

/** Features and label of the rows that a regression uses, read block by block out of the panels: nothing is copied as a whole. */
export class Design {
  readonly #parts: readonly Part[];
  /** Number of rows and of features. */
  readonly rows: number;
  readonly features: number;
  /** All features are float32: qlib then computes in float32. */
  readonly single: boolean;
  readonly columns: readonly { readonly group: string | null; readonly name: string }[];

  /** `panels` have the groups feature and label; rows with a missing cell are left out. @throws UserError where there is no label */
  constructor(panels: readonly Panel[], reweighter?: Reweighter) {
    this.#parts = panels.map((panel) => partOf(panel, reweighter));
    const columns = this.#parts[0]?.columns ?? [];
    this.rows = this.#parts.reduce((sum, { rows }) => sum + rows.length, 0);
    this.features = columns.length;
    this.columns = columns.map(({ group, name }) => ({ group, name }));
    this.single = columns.every(({ values }) => values instanceof Float32Array);
  }

  /** Row weights in the order of the rows; null where none were given. */
  weights(): Float64Array | null {
    if (!this.#parts.some(({ weights }) => weights)) return null;
    const out = new Float64Array(this.rows).fill(1);
    let at = 0;
    for (const { rows, weights } of this.#parts)
      for (const row of rows) {
        if (weights) out[at] = weights[row]!;
        at++;
      }
    return out;
  }

  /** The values of feature `j` (or, with j = features, of the label) in the order of the rows, `(rows)`. */
  columnInto(j: number, out: Float32Array | Float64Array): void {
    let at = 0;
    for (const { columns, label, rows } of this.#parts) {
      const { values, rows: selection } = j === this.features ? label : columns[j]!;
      if (selection) for (const row of rows) out[at++] = values[selection[row]!]!;
      else for (const row of rows) out[at++] = values[row]!;
    }
  }

  /** Reads `count` rows from row `from` on into a block, less their `center` and times the root of the row's weight. */
  read(from: number, count: number, block: Block, { center = null, single = false }: ReadOptions = {}): void {
    const round = single ? Math.fround : (x: number) => x;
    let before = 0;
    for (const { columns, label, rows, weights } of this.#parts) {
      const first = Math.max(from, before);
      const last = Math.min(from + count, before + rows.length);
      if (first < last) {
        const part = rows.subarray(first - before, last - before);
        const at = first - from;
        const fill = (column: PanelColumn, mean: number, out: Float64Array, start: number, step: number) => {
          const { values, rows: selection } = column;
          if (!center && !weights && (values instanceof Float32Array || !single)) {
            for (let i = 0; i < part.length; i++)
              out[start + i * step] = values[selection ? selection[part[i]!]! : part[i]!]!;
            return;
          }
          for (let i = 0; i < part.length; i++) {
            const row = part[i]!;
            let value = round(values[selection ? selection[row]! : row]!);
            if (center) value = round(value - mean);
            if (weights) value = round(value * round(Math.sqrt(round(weights[row]!))));
            out[start + i * step] = value;
          }
        };
        const { x, rowStep, columnStep, y } = block;
        columns.forEach((column, j) => {
          fill(column, center?.x[j] ?? 0, x, at * rowStep + j * columnStep, rowStep);
        });
        fill(label, center?.y ?? 0, y, at, 1);
      }
      before += rows.length;
    }
  }

  /**
   * Calls `work` with blocks of up to `size` rows: `x[j · size + i]` is feature j of the block's row i, `y[i]` its label.
   */
  eachBlock(
    size: number,
    center: Center | null,
    work: (x: Float64Array, y: Float64Array, count: number) => void,
  ): void {
    const x = new Float64Array(size * this.features);
    const y = new Float64Array(size);
    for (let from = 0; from < this.rows; from += size) {
      const count = Math.min(size, this.rows - from);
      this.read(from, count, { x, rowStep: 1, columnStep: size, y }, { center });
      work(x, y, count);
    }
  }
}

function partOf(panel: Panel, reweighter: Reweighter | undefined): Part {
  const columns = panel.columns.filter(({ group }) => group === 'feature');
  const label = panel.columns.find(({ group }) => group === 'label');
  if (!label)
    throw new UserError('LinearModel learns one label, the dataset has 0', {
      hint: 'let the handler make one label',
    });
  const missing = new Uint8Array(panel.length);
  for (const { values, rows } of [...columns, label])
    for (let row = 0; row < missing.length; row++)
      if (Number.isNaN(values[rows ? rows[row]! : row]!)) missing[row] = 1;
  let count = 0;
  for (let row = 0; row < missing.length; row++) count += 1 - missing[row]!;
  const rows = new Uint32Array(count);
  for (let row = 0, at = 0; row < missing.length; row++) if (!missing[row]) rows[at++] = row;
  return { columns, label, rows, weights: reweighter?.reweight(panel) ?? null };
}
