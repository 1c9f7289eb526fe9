import { extname } from 'node:path';
import { type IndexLevel, rowCount, type SeriesTable, type Table } from '../../../components/core/table.ts';
import { jsonText } from '../../../records/codec/json-text.ts';
import { isTable, plainCell } from '../../../records/codec/tables.ts';
import { checkedPath } from '../plain-path.ts';
import { type ApiRoute, runParameter } from './api-route.ts';
import { loadArtifact, sizeOf } from './load-artifact.ts';

const mostText = 400_000;
const mostRows = 1000;
const mostColumns = 200;
const images = new Set(['.png', '.jpg', '.jpeg', '.gif', '.webp', '.svg']);
const texts = new Set([
  '.txt',
  '.log',
  '.md',
  '.yaml',
  '.yml',
  '.json',
  '.py',
  '.ts',
  '.js',
  '.diff',
  '.patch',
  '.toml',
  '.cfg',
  '.ini',
  '.sh',
  '.sql',
  '.xml',
]);

export const previewRoute: ApiRoute = {
  method: 'GET',
  path: 'runs/:run_id/preview',
  summary: 'What an artifact holds: a part of a table, or text; nothing in it is executed',
  parameters: [
    runParameter,
    { name: 'path', type: 'string', required: true, description: 'path of the artifact' },
    { name: 'offset', type: 'integer', description: 'first row of a table' },
    { name: 'limit', type: 'integer', description: `rows of a table, at most ${mostRows}` },
  ],
  async handle(fields, { places }) {
    const path = checkedPath(fields.requiredText('path'));
    const folder = await places.ofRun(fields.requiredText('run_id'));
    const ending = extname(path).toLowerCase();
    if (images.has(ending)) return { kind: 'image' };
    if (ending === '.html' || ending === '.htm') return { kind: 'html' };
    const size = await sizeOf(folder, path);
    if (texts.has(ending)) return textOf(Buffer.from(await folder.read(path)));
    if (size === 0) return textOf(Buffer.alloc(0));
    try {
      const value = await loadArtifact(folder, path);
      if (!isTable(value))
        return typeof value === 'string'
          ? textOf(Buffer.from(value))
          : { kind: 'json', text: jsonText(value, { maxRows: 50, maxLength: mostText }) };
      const offset = Math.max(0, fields.int('offset') ?? 0);
      return tablePart(value, offset, Math.min(mostRows, Math.max(1, fields.int('limit') ?? 200)));
    } catch (error) {
      const bytes = Buffer.from(await folder.read(path));
      if (!bytes.subarray(0, 8000).includes(0)) return textOf(bytes);
      return { kind: 'unreadable', reason: error instanceof Error ? error.message : String(error) };
    }
  },
};

function textOf(bytes: Buffer): object {
  return { kind: 'text', text: bytes.subarray(0, mostText).toString('utf8'), cut: bytes.length > mostText };
}

function tablePart(table: Table | SeriesTable, offset: number, limit: number): object {
  const total = rowCount(table);
  const columns =
    table.kind === 'frame'
      ? table.columns
      : [{ label: table.name, dtype: table.dtype, values: table.values }];
  const shown = columns.slice(0, mostColumns);
  const to = Math.min(total, offset + limit);
  const rows: unknown[][] = [];
  for (let r = Math.min(offset, total); r < to; r++)
    rows.push([
      ...table.index.map((level) => labelAt(level, r)),
      ...shown.map(({ dtype, values }) => sent(plainCell(dtype, values[r]))),
    ]);
  return {
    kind: 'table',
    index: table.index.map((level, i) => level.name ?? (table.index.length > 1 ? `level ${i}` : '')),
    columns: shown.map(({ label }) => (Array.isArray(label) ? label.join(' / ') : String(label ?? ''))),
    rows,
    offset,
    total,
    hiddenColumns: columns.length - shown.length,
  };
}

function labelAt({ dtype, values, codes }: IndexLevel, row: number): unknown {
  const at = codes ? codes[row]! : row;
  return at < 0 ? null : sent(plainCell(dtype, values[at]));
}

/** Infinities and large integers have no JSON. */
function sent(value: unknown): unknown {
  if (typeof value === 'bigint') return Number(value);
  if (typeof value === 'number') return Number.isFinite(value) ? value : String(value);
  return typeof value === 'object' && value !== null ? jsonText(value, { maxLength: 500 }) : value;
}
