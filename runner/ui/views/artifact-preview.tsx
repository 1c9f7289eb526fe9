import { useState } from 'preact/hooks';
import { fileUrl, get, useLoaded } from '../api.ts';
import { shownNumber } from '../format.ts';
import { Card, Pending } from '../parts/basics.tsx';
import { Lines } from '../parts/lines.tsx';
import { Scroll } from '../parts/scroll.tsx';
import type { Preview, TablePreview } from '../types.ts';

const step = 200;

export function ArtifactPreview({ runId, path }: { runId: string; path: string }) {
  const [offset, setOffset] = useState(0);
  const loaded = useLoaded(`${runId} ${path} ${offset}`, () =>
    get<Preview>(`runs/${encodeURIComponent(runId)}/preview`, {
      path,
      offset: String(offset),
      limit: String(step),
    }),
  );
  return (
    <Card
      title={path}
      actions={
        <a class="button small" href={fileUrl(runId, path)} download>
          Download
        </a>
      }
    >
      {loaded.value ? (
        <Shown preview={loaded.value} runId={runId} path={path} onOffset={setOffset} />
      ) : (
        <Pending loaded={loaded} what={path} />
      )}
    </Card>
  );
}

function Shown({
  preview,
  runId,
  path,
  onOffset,
}: {
  preview: Preview;
  runId: string;
  path: string;
  onOffset: (offset: number) => void;
}) {
  switch (preview.kind) {
    case 'image':
      return <img class="preview" src={fileUrl(runId, path, 'view')} alt={path} />;
    case 'html':
      return <iframe class="preview" sandbox="" src={fileUrl(runId, path, 'view')} title={path} />;
    case 'text':
      return (
        <>
          <Lines
            text={preview.text}
            label={path}
            diff={/\.(?:diff|patch)$|code_(?:diff|cached)/.test(path)}
          />
          {preview.cut && <p class="message">Only the beginning is shown; download the file for the rest.</p>}
        </>
      );
    case 'json':
      return <Lines text={preview.text} label={path} />;
    case 'unreadable':
      return <p class="message">What it holds cannot be shown: {preview.reason}</p>;
    case 'table':
      return <Rows table={preview} path={path} onOffset={onOffset} />;
  }
}

function Rows({
  table,
  path,
  onOffset,
}: {
  table: TablePreview;
  path: string;
  onOffset: (offset: number) => void;
}) {
  const { index, columns, rows, offset, total, hiddenColumns } = table;
  const heads = [...index, ...columns];
  return (
    <>
      <div class="tools">
        <span class="muted">
          rows {(total === 0 ? 0 : offset + 1).toLocaleString('en')} to{' '}
          {(offset + rows.length).toLocaleString('en')} of {total.toLocaleString('en')}
          {hiddenColumns > 0 && `, ${hiddenColumns} more columns`}
        </span>
        <button
          type="button"
          class="small"
          disabled={offset === 0}
          onClick={() => onOffset(Math.max(0, offset - step))}
        >
          Before
        </button>
        <button
          type="button"
          class="small"
          disabled={offset + rows.length >= total}
          onClick={() => onOffset(offset + step)}
        >
          Next
        </button>
        <button
          type="button"
          class="small"
          disabled={offset + rows.length >= total}
          onClick={() => onOffset(Math.max(0, total - step))}
        >
          Last
        </button>
      </div>
      <Scroll class="scroll tall" label={`Rows of ${path}`}>
        <table>
          <thead>
            <tr>
              {heads.map((name, i) => (
                <th key={i} scope="col" class={i < index.length ? '' : 'number'}>
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((row, r) => (
              <tr key={r}>
                {row.map((cell, i) => (
                  <td key={i} class={typeof cell === 'number' ? 'number' : ''}>
                    {typeof cell === 'number' ? (
                      shownNumber(cell)
                    ) : cell === null ? (
                      <span class="muted">NaN</span>
                    ) : (
                      String(cell)
                    )}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </Scroll>
    </>
  );
}
