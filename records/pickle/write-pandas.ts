import type { Cells, SeriesTable, Table, TableColumn } from '../../components/core/table.ts';
import { rowCount } from '../../components/core/table.ts';
import type { Emitter } from './emitter.ts';
import { writeIndex, writeLabel, writeLabels } from './write-index.ts';
import { writeArrayParts, writeDType, writeTypedArray } from './write-numpy.ts';

const managers = 'pandas.core.internals.managers';

/** A DataFrame: its columns gathered by dtype into blocks, as pandas consolidates them. */
export function writeFrame(emit: Emitter, table: Table): void {
  const rows = rowCount(table);
  emit.newInstance('pandas.core.frame', 'DataFrame');
  emit.dictOf({
    _mgr: () => {
      emit.global(managers, 'BlockManager');
      emit.tupleOf([
        () =>
          emit.tupleOf(blocksOf(table.columns).map((places) => () => writeBlock(emit, table, places, rows))),
        () => emit.listOf([() => writeLabels(emit, table), () => writeIndex(emit, table.index)]),
      ]);
      emit.reduce();
    },
    _typ: () => emit.string('dataframe'),
    ...commonState(emit),
  });
  emit.applyState();
}

/** A Series; the state of its manager is the form that pandas has kept since 0.14.1. */
export function writeSeries(emit: Emitter, series: SeriesTable): void {
  const rows = rowCount(series);
  const axes = () => emit.listOf([() => writeIndex(emit, series.index)]);
  const values = () => writeBlockValues(emit, series.dtype, [series.values], rows, [rows]);
  emit.newInstance('pandas.core.series', 'Series');
  emit.dictOf({
    _mgr: () => {
      emit.newInstance(managers, 'SingleBlockManager');
      emit.tupleOf([
        () => emit.emptyList(),
        () => emit.emptyList(),
        () => emit.emptyList(),
        () =>
          emit.dictOf({
            '0.14.1': () =>
              emit.dictOf({
                axes,
                blocks: () =>
                  emit.listOf([
                    () =>
                      emit.dictOf({ values, mgr_locs: () => emit.call('builtins', 'slice', [0, rows, 1]) }),
                  ]),
              }),
          }),
      ]);
      emit.applyState();
    },
    _typ: () => emit.string('series'),
    ...commonState(emit),
    _name: () => writeLabel(emit, series.name),
  });
  emit.applyState();
}

function commonState(emit: Emitter): Record<string, () => void> {
  return {
    _metadata: () => emit.emptyList(),
    attrs: () => emit.emptyDict(),
    _flags: () => emit.dictOf({ allows_duplicate_labels: () => emit.bool(true) }),
  };
}

/** Positions of the columns by dtype, in the order of first appearance. */
function blocksOf(columns: readonly TableColumn[]): number[][] {
  const blocks = new Map<string, number[]>();
  columns.forEach(({ dtype }, i) => {
    const block = blocks.get(dtype);
    if (block) block.push(i);
    else blocks.set(dtype, [i]);
  });
  return [...blocks.values()];
}

function writeBlock(emit: Emitter, { columns }: Table, places: readonly number[], rows: number): void {
  const values = places.map((i) => columns[i]!.values);
  emit.global('pandas._libs.internals', '_unpickle_block');
  emit.tupleOf([
    () => writeBlockValues(emit, columns[places[0]!]!.dtype, values, rows, [places.length, rows]),
    () => writePlacement(emit, places),
    () => emit.int(2),
  ]);
  emit.reduce();
}

function writePlacement(emit: Emitter, places: readonly number[]): void {
  const first = places[0]!;
  const step = places.length > 1 ? places[1]! - first : 1;
  if (places.every((p, i) => p === first + i * step))
    emit.call('builtins', 'slice', [first, first + places.length * step, step]);
  else writeTypedArray(emit, BigInt64Array.from(places, BigInt));
}

function writeBlockValues(
  emit: Emitter,
  dtype: TableColumn['dtype'],
  parts: readonly Cells[],
  rows: number,
  shape: readonly number[],
): void {
  const fitting = parts.find((p) => p.length !== rows);
  if (fitting) throw new Error(`a column of ${fitting.length} cells in a table of ${rows} rows`);
  const array = () => writeArrayParts(emit, { shape, dtype, parts });
  if (dtype !== 'datetime64[ns]') {
    array();
    return;
  }
  // pandas keeps datetimes in an array class of its own; its __setstate__ takes (dtype, values, attributes) in all versions
  emit.newInstance('pandas.core.arrays.datetimes', 'DatetimeArray');
  emit.tupleOf([() => writeDType(emit, 'M8'), array, () => emit.dictOf({ _freq: () => emit.none() })]);
  emit.applyState();
}
