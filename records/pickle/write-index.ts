import { denseLevel, factorize } from '../../components/core/factorize.ts';
import { PyTuple } from '../../components/core/python.ts';
import type { IndexLevel, Label, Table } from '../../components/core/table.ts';
import type { Emitter } from './emitter.ts';
import { writeArrayParts, writeCodes } from './write-numpy.ts';

const base = 'pandas.core.indexes.base';

/** Row labels: one level as Index, DatetimeIndex or RangeIndex, several as MultiIndex. */
export function writeIndex(emit: Emitter, levels: readonly IndexLevel[]): void {
  const [first = emptyRange] = levels;
  if (levels.length < 2) writeFlat(emit, denseLevel(first), first.name);
  else writeMulti(emit, levels);
}

/** The index of a frame that was given none. */
const emptyRange: IndexLevel = {
  name: null,
  dtype: 'int64',
  values: new BigInt64Array(0),
  codes: null,
  range: true,
};

function writeFlat(emit: Emitter, level: IndexLevel, name: string | null): void {
  const nameOf = () => writeLabel(emit, name);
  const { dtype, values } = level;
  const data = () => writeArrayParts(emit, { shape: [values.length], dtype, parts: [values] });
  if (level.range) {
    const start = Number(values[0] ?? 0);
    const step = values.length > 1 ? Number(values[1]) - start : 1;
    writeNew(emit, 'pandas.core.indexes.range', 'RangeIndex', {
      name: nameOf,
      start: () => emit.int(start),
      stop: () => emit.int(start + step * values.length),
      step: () => emit.int(step),
    });
  } else if (dtype === 'datetime64[ns]') {
    const module = 'pandas.core.indexes.datetimes';
    emit.global(module, '_new_DatetimeIndex');
    // with a plain array for data, pandas takes tz and freq from here and builds its own array class
    emit.tupleOf([
      () => emit.global(module, 'DatetimeIndex'),
      () => emit.dictOf({ data, tz: () => emit.none(), freq: () => emit.none(), name: nameOf }),
    ]);
    emit.reduce();
  } else writeNew(emit, base, 'Index', { data, name: nameOf });
}

function writeMulti(emit: Emitter, levels: readonly IndexLevel[]): void {
  const factored = levels.map(factorize);
  writeNew(emit, 'pandas.core.indexes.multi', 'MultiIndex', {
    levels: () => emit.listOf(factored.map((level) => () => writeFlat(emit, level, level.name))),
    codes: () =>
      emit.listOf(
        factored.map(
          ({ codes, values }) =>
            () =>
              writeCodes(emit, codes, values.length),
        ),
      ),
    sortorder: () => emit.none(),
    names: () =>
      emit.listOf(
        levels.map(
          ({ name }) =>
            () =>
              writeLabel(emit, name),
        ),
      ),
  });
}

function writeNew(
  emit: Emitter,
  module: string,
  name: string,
  state: Readonly<Record<string, () => void>>,
): void {
  emit.global(base, '_new_Index');
  emit.tupleOf([() => emit.global(module, name), () => emit.dictOf(state)]);
  emit.reduce();
}

/** The column labels of a frame: whole numbers as int64, else objects; a MultiIndex where labels are lists. */
export function writeLabels(emit: Emitter, { columns, columnNames = [null] }: Table): void {
  const labels = columns.map((c) => c.label);
  const depth = Math.max(columnNames.length, ...labels.map((l) => (isCompound(l) ? l.length : 1)));
  const levels = Array.from({ length: depth }, (_, k): IndexLevel => {
    const values = labels.map((l) => (isCompound(l) ? (l[k] ?? null) : k === 0 ? l : null));
    const whole = values.length > 0 && values.every((v) => Number.isSafeInteger(v));
    return { name: columnNames[k] ?? null, dtype: whole ? 'int64' : 'object', values, codes: null };
  });
  writeIndex(emit, levels);
}

function isCompound(label: Label | readonly Label[]): label is readonly Label[] {
  return Array.isArray(label);
}

export function writeLabel(emit: Emitter, label: Label | readonly Label[]): void {
  emit.value(isCompound(label) ? new PyTuple(label) : label);
}
