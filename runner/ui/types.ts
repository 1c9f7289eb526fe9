export interface Experiment {
  readonly id: string;
  readonly name: string;
  readonly stage: 'active' | 'deleted';
  readonly created: number | null;
  readonly updated: number | null;
  readonly tags: Readonly<Record<string, string>>;
  readonly runs?: number | null;
  readonly last?: number | null;
}

export interface RunRow {
  readonly id: string;
  readonly name: string;
  readonly experiment: string;
  readonly status: string;
  readonly stage: 'active' | 'deleted';
  readonly user: string;
  readonly start: number | null;
  readonly end: number | null;
  readonly params: Readonly<Record<string, string>>;
  readonly metrics: Readonly<Record<string, number | string>>;
  readonly tags: Readonly<Record<string, string>>;
}

export interface RunsPage {
  readonly runs: readonly RunRow[];
  readonly total: number | null;
  readonly more: boolean;
}

export type Values = readonly (number | null)[];

export interface Report {
  readonly freq: string;
  readonly days: readonly string[];
  readonly return: Values | null;
  readonly bench: Values | null;
  readonly cost: Values | null;
  readonly turnover: Values | null;
  readonly account: Values | null;
}

export interface IcSeries {
  readonly days: readonly string[];
  readonly ic: Values;
  readonly ric: Values | null;
}

export interface Research {
  readonly report: Report | null;
  readonly ic: IcSeries | null;
  readonly longShort: {
    readonly days: readonly string[];
    readonly longShort: Values;
    readonly average: Values | null;
  } | null;
  readonly groups: {
    readonly days: readonly string[];
    readonly groups: readonly Values[];
    readonly average: Values;
    readonly autocorrelation: { readonly days: readonly string[]; readonly values: Values };
  } | null;
  readonly importance: {
    readonly kind: string;
    readonly names: readonly string[];
    readonly values: readonly number[];
    readonly total: number;
  } | null;
  readonly hasPositions: boolean;
}

export interface TablePreview {
  readonly kind: 'table';
  readonly index: readonly string[];
  readonly columns: readonly string[];
  readonly rows: readonly (readonly unknown[])[];
  readonly offset: number;
  readonly total: number;
  readonly hiddenColumns: number;
}

export type Preview =
  | TablePreview
  | { readonly kind: 'text'; readonly text: string; readonly cut: boolean }
  | { readonly kind: 'json'; readonly text: string }
  | { readonly kind: 'image' | 'html' }
  | { readonly kind: 'unreadable'; readonly reason: string };
