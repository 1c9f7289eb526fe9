import { useLoaded } from '../api.ts';
import { Card, Empty, Pending } from '../parts/basics.tsx';
import { Lines } from '../parts/lines.tsx';
import type { RunData } from './run-data.ts';
import { textArtifact } from './text-artifact.ts';

const files = [
  ['code_diff.txt', 'Changes that were not staged', true],
  ['code_cached.txt', 'Changes that were staged', true],
  ['code_status.txt', 'git status', false],
  ['environment.json', 'Environment', false],
] as const;

/** Which code ran: commit, changes on top of it, versions. */
export function CodeTab({ run }: { run: RunData }) {
  const loaded = useLoaded(run.id, () => Promise.all(files.map(([path]) => textArtifact(run.id, path))));
  if (!loaded.value) return <Pending loaded={loaded} what="the code" />;
  const commit = run.tags.find(({ key }) => key === 'mlflow.source.git.commit')?.value;
  const shown = files.flatMap(([path, title, isDiff], i) => {
    const text = loaded.value?.[i];
    return text ? [{ path, title, isDiff, text }] : [];
  });
  return (
    <>
      {commit && (
        <p>
          Commit <code>{commit}</code>
        </p>
      )}
      {shown.length === 0 && <Empty>There were no changes beside the commit, or none were kept.</Empty>}
      {shown.map(({ path, title, isDiff, text }) => (
        <Card key={path} title={title}>
          <Lines text={text} label={title} diff={isDiff} />
        </Card>
      ))}
    </>
  );
}
