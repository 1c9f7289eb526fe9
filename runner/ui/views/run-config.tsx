import { get, useLoaded } from '../api.ts';
import { saveText } from '../download.ts';
import { Card, Empty, Pending } from '../parts/basics.tsx';
import { Lines } from '../parts/lines.tsx';

export function ConfigTab({ runId }: { runId: string }) {
  const loaded = useLoaded(runId, () =>
    get<{ path: string | null; text: string | null }>(`runs/${encodeURIComponent(runId)}/config`),
  );
  if (!loaded.value) return <Pending loaded={loaded} what="the config" />;
  const { text, path } = loaded.value;
  if (text === null) return <Empty>This run kept no config.</Empty>;
  return (
    <Card
      title={`Config (${path})`}
      actions={
        <button type="button" class="small" onClick={() => saveText('config.yaml', text, 'application/yaml')}>
          Save
        </button>
      }
    >
      <Lines text={text} label="Config" />
    </Card>
  );
}
