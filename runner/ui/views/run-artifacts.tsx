import { fileUrl, get, useLoaded } from '../api.ts';
import { shownBytes } from '../format.ts';
import { Card, Empty, Pending } from '../parts/basics.tsx';
import { setQuery, usePlace } from '../router.ts';
import { ArtifactPreview } from './artifact-preview.tsx';
import { type TreeNode, treeOf } from './file-tree.ts';

/** The files of a run as a tree, with what the chosen one holds. */
export function ArtifactsTab({ runId }: { runId: string }) {
  const { query } = usePlace();
  const chosen = query.get('path') ?? '';
  const loaded = useLoaded(runId, () =>
    get<{ files: { path: string; size: number }[]; cut: boolean }>(`runs/${encodeURIComponent(runId)}/files`),
  );
  if (!loaded.value) return <Pending loaded={loaded} what="the artifacts" />;
  const { files, cut } = loaded.value;
  if (files.length === 0) return <Empty>This run has no artifacts.</Empty>;
  return (
    <div class="artifacts">
      <Card
        title={`Files (${files.length}${cut ? ' and more' : ''})`}
        actions={
          <a class="button small" href={fileUrl(runId, '', 'zip')} download>
            All as zip
          </a>
        }
      >
        <Branch nodes={treeOf(files)} chosen={chosen} />
      </Card>
      {chosen === '' ? (
        <Empty>Choose a file to see what it holds.</Empty>
      ) : (
        <ArtifactPreview key={chosen} runId={runId} path={chosen} />
      )}
    </div>
  );
}

function Branch({ nodes, chosen }: { nodes: readonly TreeNode[]; chosen: string }) {
  return (
    <ul class="tree">
      {nodes.map((node) => (
        <li key={node.path}>
          {node.children ? (
            <details open>
              <summary>{node.name}/</summary>
              <Branch nodes={node.children} chosen={chosen} />
            </details>
          ) : (
            <button
              type="button"
              class="link"
              aria-current={node.path === chosen ? 'true' : undefined}
              onClick={() => setQuery({ path: node.path })}
            >
              {node.name} <span class="muted">{shownBytes(node.size)}</span>
            </button>
          )}
        </li>
      ))}
    </ul>
  );
}
