import {
  allocate,
  denseValues,
  type Panel,
  type PanelColumn,
  type PanelIndex,
  type Values,
} from '../../core/panel.ts';
import { groupsOf, unknownGroup } from '../column-set.ts';
import type { LearnedColumns } from '../learned-columns.ts';
import { endOfDay } from '../time-option.ts';
import type { Processor, Segment } from '../types.ts';

/** What qlib's `fields_group` may say: one group, all columns (null), or several groups. */
export type FieldsGroup = string | null | readonly (string | null)[];

/** A processor that treats each column by itself: a handler then runs several of them over one column before the next. */
export interface ColumnProcessor extends Processor {
  /** Which of the columns it treats. @throws UserError for a group that is not there. */
  chosen(columns: readonly PanelColumn[]): readonly boolean[];
  /** Learns from one column over the whole range of the panel. */
  fitColumn?(column: PanelColumn, index: PanelIndex): void;
  /** The new column; with `reuse` it may write into the storage of the old one. */
  mapColumn(column: PanelColumn, index: PanelIndex, reuse: boolean): PanelColumn;
  /** What was learned, by qlib's attribute name and column, in the order of fitting. */
  readonly learned?: ReadonlyMap<string, Readonly<Record<string, number>>>;
  /** Takes back what another of its kind has learned; columns that it then knows are not fitted again. */
  recall?(learned: LearnedColumns): void;
}

/** How one kind of column processor computes. `L` is what it learns: figures by qlib's attribute names. */
export interface ColumnStep<L extends Readonly<Record<string, number>> | undefined> {
  readonly fieldsGroup: FieldsGroup;
  readonly forInfer?: boolean;
  /** Learns from the values inside the fit segment, `(rows)`. */
  learn?(values: Values): L;
  /** New values `(rows)` of a column; writes them to `out` (which may be `x`), or to storage of another type, and returns it. */
  map(x: Values, learned: L, index: PanelIndex, out: Values, name: string): Values;
}

/** The name by which a processor remembers what it learned of a column. */
export function columnKey({ group, name }: PanelColumn): string {
  return group === null ? name : `${group}.${name}`;
}

/** Makes a processor out of what it does to one column. `fitSegment` is there for those that learn. */
export function columnProcessor<L extends Readonly<Record<string, number>> | undefined>(
  step: ColumnStep<L>,
  fitSegment?: Segment | null,
): ColumnProcessor {
  const learned = new Map<string, L>();
  const chosen = (columns: readonly PanelColumn[]) => chooseColumns(columns, step.fieldsGroup);

  function mapColumn(column: PanelColumn, index: PanelIndex, reuse: boolean): PanelColumn {
    const x = denseValues(column);
    const out =
      reuse || x !== column.values ? x : allocate(x instanceof Float32Array ? 'f32' : 'f64', x.length);
    const known = learned.get(columnKey(column));
    if (step.learn && known === undefined)
      throw new Error(`column ${columnKey(column)}: the processor has not been fitted`);
    return { ...column, values: step.map(x, known as L, index, out, column.name), rows: null };
  }

  const processor: ColumnProcessor = {
    forInfer: step.forInfer ?? true,
    chosen,
    mapColumn,
    apply(panel) {
      const mask = chosen(panel.columns);
      return panel.withColumns(panel.columns.map((c, i) => (mask[i] ? mapColumn(c, panel.index, false) : c)));
    },
  };
  const learn = step.learn?.bind(step);
  if (!learn) return processor;
  const recalled = new Set<string>();
  return Object.assign(processor, {
    learned: learned as ReadonlyMap<string, Readonly<Record<string, number>>>,
    fitSegment: fitSegment ?? null,
    recall(state: LearnedColumns) {
      for (const [key, figures] of Object.entries(state)) {
        learned.set(key, figures as L);
        recalled.add(key);
      }
    },
    fitColumn(column: PanelColumn, index: PanelIndex) {
      if (recalled.has(columnKey(column))) return;
      const { start, end } = this.fitSegment ?? { start: null, end: null };
      const { from, to } = index.range(start, endOfDay(end));
      const values = column.rows
        ? denseValues({ ...column, rows: column.rows.subarray(from, to) })
        : column.values.subarray(from, to);
      learned.set(columnKey(column), learn(values));
    },
    fit(panel: Panel) {
      const mask = chosen(panel.columns);
      panel.columns.forEach((c, i) => {
        if (mask[i]) this.fitColumn(c, panel.index);
      });
    },
  });
}

/** Whether a processor is one that handlers may run column by column. */
export function isColumnProcessor(processor: Processor): processor is ColumnProcessor {
  return 'mapColumn' in processor && 'chosen' in processor;
}

/** Marks the columns of the groups; null marks all. @throws UserError for a group that no column has. */
export function chooseColumns(columns: readonly PanelColumn[], fieldsGroup: FieldsGroup): boolean[] {
  const groups = Array.isArray(fieldsGroup) ? fieldsGroup : [fieldsGroup];
  const known = new Set<string>(groupsOf(columns));
  for (const group of groups)
    if (group !== null && !known.has(group)) throw unknownGroup(group, columns, ['fields_group']);
  return columns.map((c) => groups.some((group) => group === null || group === c.group));
}
