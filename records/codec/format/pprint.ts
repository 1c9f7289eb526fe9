import { PyTuple } from '../../../components/core/python.ts';
import type { SeriesTable, Table } from '../../../components/core/table.ts';
import { pythonRepr, stringRepr } from '../../pickle/python-repr.ts';
import { formatSeries } from './format-series.ts';
import { formatTable } from './format-table.ts';

const lineWidth = 80;

/**
 * What Python's `pprint.pprint(value)` prints, without the last line break: tables as pandas shows them, dicts with sorted
 * keys, broken into a line an item where they do not fit in 80 columns, long strings broken at spaces.
 */
export function pprint(value: unknown): string {
  return layout(value, 0, 0, 1);
}

/** `indent`: where the value starts on its line; `after`: room that closing brackets need behind it. */
function layout(value: unknown, indent: number, after: number, level: number): string {
  if (isTable(value)) return value.kind === 'frame' ? formatTable(value) : formatSeries(value);
  if (level > 50) return pythonRepr(value);
  const flat = flatText(value);
  if (flat.length <= lineWidth - indent - after) return flat;
  if (typeof value === 'string') return brokenString(value, indent, after, level);
  if (Array.isArray(value)) return `[${items(value, indent, after, level)}]`;
  if (value instanceof PyTuple && value.items.length > 1)
    return `(${items(value.items, indent, after, level)})`;
  const entries = entriesOf(value);
  if (!entries) return flat;
  const lines = entries.map(([key, inner], i) => {
    const name = `${pythonRepr(key)}: `;
    const close = i === entries.length - 1 ? after + 1 : 1;
    return name + layout(inner, indent + 1 + name.length, close, level + 1);
  });
  return `{${lines.join(`,\n${' '.repeat(indent + 1)}`)}}`;
}

function items(all: readonly unknown[], indent: number, after: number, level: number): string {
  return all
    .map((item, i) => layout(item, indent + 1, i === all.length - 1 ? after + 1 : 1, level + 1))
    .join(`,\n${' '.repeat(indent + 1)}`);
}

function flatText(value: unknown): string {
  const entries = entriesOf(value);
  return pythonRepr(entries ? new Map(entries) : value);
}

function entriesOf(value: unknown): [unknown, unknown][] | undefined {
  if (value instanceof Map) return sorted([...value]);
  if (typeof value !== 'object' || value === null) return undefined;
  return Object.getPrototypeOf(value) === Object.prototype ? sorted(Object.entries(value)) : undefined;
}

function sorted(entries: [unknown, unknown][]): [unknown, unknown][] {
  const plain = entries.every(([k]) => typeof k === typeof entries[0]![0] && typeof k !== 'object');
  if (!plain) return entries;
  return entries.sort(([a], [b]) => ((a as string) < (b as string) ? -1 : 1));
}

/** A string as several literals, in brackets where it stands alone. */
function brokenString(text: string, indent: number, after: number, level: number): string {
  const inner = level === 1 ? indent + 1 : indent;
  const close = level === 1 ? after + 1 : after;
  const chunks: string[] = [];
  const lines = text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
  lines.forEach((line, i) => {
    const lastLine = i === lines.length - 1;
    const room = lineWidth - inner;
    if (stringRepr(line).length <= room - (lastLine ? close : 0)) {
      chunks.push(stringRepr(line));
      return;
    }
    const words = line.match(/\S+\s*|\s+/g) ?? [];
    let current = '';
    words.forEach((word, j) => {
      const limit = lastLine && j === words.length - 1 ? room - close : room;
      if (current && stringRepr(current + word).length > limit) {
        chunks.push(stringRepr(current));
        current = word;
      } else current += word;
    });
    if (current) chunks.push(stringRepr(current));
  });
  const joined = chunks.join(`\n${' '.repeat(inner)}`);
  return level === 1 && chunks.length > 1 ? `(${joined})` : joined;
}

function isTable(value: unknown): value is Table | SeriesTable {
  return (
    typeof value === 'object' &&
    value !== null &&
    'kind' in value &&
    (value.kind === 'frame' || value.kind === 'series') &&
    'index' in value
  );
}
