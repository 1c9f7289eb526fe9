/** Adjustment of prices: `factor` is the column `numerator`, or `numerator / denominator`. */
export interface FactorRule {
  readonly numerator: string;
  readonly denominator: string | null;
}

/** How source files are read; column names are compared in lower case. */
export interface ReadOptions {
  /** Output fields; null: every column of a file but date and instrument. */
  readonly fields: readonly string[] | null;
  readonly excluded: readonly string[];
  /** Column of the time; null: the first of `date`, `datetime`, `timestamp`, `time`, `trade_date` that is there. */
  readonly dateField: string | null;
  /** Column of the instrument; null: `symbol` or `instrument` where there is one, else the file's name. */
  readonly symbolField: string | null;
  /** New names of columns by old name. */
  readonly renamed: Readonly<Record<string, string>>;
  readonly factor: FactorRule | null;
  /** Character between cells; null: comma, semicolon or tab, by the header. */
  readonly delimiter: string | null;
  /** Which row of an instrument's time counts where there are several; `error` refuses them. */
  readonly duplicates: 'error' | 'first' | 'last';
  /** Whether a time must be a day. */
  readonly isDaily: boolean;
}

/** The rows of one instrument in one file: ascending times, and fields as float32. */
export interface Part {
  readonly instrument: string;
  /** For messages. */
  readonly source: string;
  readonly times: Float64Array;
  readonly fields: readonly string[];
  readonly columns: readonly Float32Array[];
}

export const dateNames = ['date', 'datetime', 'timestamp', 'time', 'trade_date'];
export const symbolNames = ['symbol', 'instrument'];
/** What a factor multiplies; `volume` is divided by it. */
export const priceNames: readonly string[] = ['open', 'high', 'low', 'close', 'vwap'];
