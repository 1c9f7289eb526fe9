import type { Panel, PanelColumn } from '../../core/panel.ts';
import type { Reweighter } from '../../dataset/types.ts';

/** One panel's part of a regression: the columns and the rows in which nothing is missing. */
interface Part {
  readonly columns: readonly PanelColumn[];
  readonly label: PanelColumn;
  readonly rows: Uint32Array;
  /** Square roots of the row weights, `(rows of the panel)`. */
  readonly scale: Float64Array | null;
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

  /** `panels` have the groups feature and label; rows with a missing cell are left out. */
  constructor(panels: readonly Panel[], reweighter?: Reweighter) {
    this.#parts = panels.map((panel) => partOf(panel, reweighter));
    const columns = this.#parts[0]?.columns ?? [];
    this.rows = this.#parts.reduce((sum, { rows }) => sum + rows.length, 0);
    this.features = columns.length;
    this.columns = columns.map(({ group, name }) => ({ group, name }));
    this.single = columns.every(({ values }) => values instanceof Float32Array);
  }

  /** Row weights were given. */
  get weighted(): boolean {
    return this.#parts.some(({ scale }) => scale !== null);
  }

  /** Sum of the row weights. */
  weightSum(): number {
    let sum = 0;
    this.#eachRow((part, row) => {
      sum += (part.scale?.[row] ?? 1) ** 2;
    });
    return sum;
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

  /** Square roots of the row weights in the order of the rows; 1 without weights. */
  scales(): Float64Array {
    const out = new Float64Array(this.rows);
    let at = 0;
    this.#eachRow((part, row) => {
      out[at++] = part.scale?.[row] ?? 1;
    });
    return out;
  }

  /**
   * Calls `work` with blocks of up to `size` rows: `x[j · size + i]` is feature j of the block's row i, `y[i]` its label,
   * both less their `center` and times the root of the row's weight.
   */
  eachBlock(
    size: number,
    center: { readonly x: ArrayLike<number>; readonly y: number } | null,
    work: (x: Float64Array, y: Float64Array, count: number) => void,
  ): void {
    const x = new Float64Array(size * this.features);
    const y = new Float64Array(size);
    for (const { columns, label, rows, scale } of this.#parts)
      for (let from = 0; from < rows.length; from += size) {
        const count = Math.min(size, rows.length - from);
        columns.forEach((column, j) => {
          fill(column, rows, from, count, center?.x[j] ?? 0, scale, x, j * size);
        });
        fill(label, rows, from, count, center?.y ?? 0, scale, y, 0);
        work(x, y, count);
      }
  }

  #eachRow(work: (part: Part, row: number) => void): void {
    for (const part of this.#parts) for (const row of part.rows) work(part, row);
  }
}

function fill(
  { values, rows: selection }: PanelColumn,
  rows: Uint32Array,
  from: number,
  count: number,
  center: number,
  scale: Float64Array | null,
  out: Float64Array,
  at: number,
): void {
  for (let i = 0; i < count; i++) {
    const row = rows[from + i]!;
    const value = values[selection ? selection[row]! : row]! - center;
    out[at + i] = scale ? value * scale[row]! : value;
  }
}

function partOf(panel: Panel, reweighter: Reweighter | undefined): Part {
  const columns = panel.columns.filter(({ group }) => group === 'feature');
  const label = panel.columns.find(({ group }) => group === 'label');
  if (!label) throw new Error('a regression needs a column of the group label');
  const missing = new Uint8Array(panel.length);
  for (const { values, rows } of [...columns, label])
    for (let row = 0; row < missing.length; row++)
      if (Number.isNaN(values[rows ? rows[row]! : row]!)) missing[row] = 1;
  let count = 0;
  for (let row = 0; row < missing.length; row++) count += 1 - missing[row]!;
  const rows = new Uint32Array(count);
  for (let row = 0, at = 0; row < missing.length; row++) if (!missing[row]) rows[at++] = row;
  const weights = reweighter?.reweight(panel);
  return { columns, label, rows, scale: weights ? weights.map(Math.sqrt) : null };
}
