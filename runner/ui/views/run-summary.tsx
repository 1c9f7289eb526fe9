import { useState } from 'preact/hooks';
import { postMlflow, useLoaded } from '../api.ts';
import { shownBytes, shownDuration, shownNumber, shownPercent, shownTime } from '../format.ts';
import { Card } from '../parts/basics.tsx';
import { TextDialog } from '../parts/dialog.tsx';
import { Lines } from '../parts/lines.tsx';
import { SortableTable } from '../parts/sortable-table.tsx';
import type { RunData } from './run-data.ts';
import { jsonArtifact, textArtifact } from './text-artifact.ts';

const main: readonly (readonly [key: string, name: string, isPercent?: boolean])[] = [
  ['IC', 'IC'],
  ['ICIR', 'ICIR'],
  ['Rank IC', 'Rank IC'],
  ['1day.excess_return_with_cost.annualized_return', 'Excess return a year, after cost', true],
  ['1day.excess_return_with_cost.information_ratio', 'Information ratio'],
  ['1day.excess_return_with_cost.max_drawdown', 'Deepest drawdown', true],
];
const noteTag = 'mlflow.note.content';

interface Stages {
  readonly seconds: number;
  readonly peakBytes: number;
  readonly stages: readonly {
    readonly stage: string;
    readonly seconds: number;
    readonly peakBytes: number;
  }[];
}

const logLines = 20;

/** How far a running run is: the end of its log, read again and again. */
function Progress({ runId }: { runId: string }) {
  const log = useLoaded(`log ${runId}`, () => textArtifact(runId, 'qrun.log'), 5000);
  if (!log.value) return null;
  return (
    <Card title="Log">
      <Lines text={log.value.trimEnd().split('\n').slice(-logLines).join('\n')} label="The end of the log" />
    </Card>
  );
}

export function SummaryTab({ run, reload }: { run: RunData; reload: () => void }) {
  const [dialog, setDialog] = useState<'tag' | null>(null);
  const stages = useLoaded(`stages ${run.id} ${run.status}`, () =>
    jsonArtifact<Stages>(run.id, 'stages.json'),
  );
  const tag = (key: string) => run.tags.find((t) => t.key === key)?.value ?? '';
  const tiles = main.flatMap(([key, name, isPercent]) => {
    const metric = run.metrics.find((m) => m.key === key);
    return metric
      ? [
          {
            name,
            text:
              isPercent && typeof metric.value === 'number'
                ? shownPercent(metric.value)
                : shownNumber(metric.value),
          },
        ]
      : [];
  });
  const setTag = async (key: string, value: string) => {
    await postMlflow('runs/set-tag', { run_id: run.id, key, value });
    reload();
  };
  const facts: readonly (readonly [string, string])[] = [
    ['Run', run.id],
    ['Started', shownTime(run.start)],
    ['Ended', run.end === null ? '' : shownTime(run.end)],
    ['Took', run.start === null ? '' : shownDuration((run.end ?? Date.now()) - run.start)],
    ['User', run.user || tag('mlflow.user')],
    ['Host', tag('hostname')],
    ['Source', tag('mlflow.source.name')],
    ['Commit', tag('mlflow.source.git.commit')],
    ['Data', run.datasets.map((d) => `${d.name} (${d.digest})`).join(', ') || tag('qrun.data')],
  ];
  return (
    <>
      {tiles.length > 0 && (
        <dl class="tiles">
          {tiles.map(({ name, text }) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{text}</dd>
            </div>
          ))}
        </dl>
      )}
      {run.status === 'RUNNING' && <Progress runId={run.id} />}
      <div class="columns">
        <Card title="Facts">
          <dl class="facts">
            {facts
              .filter(([, value]) => value !== '')
              .map(([name, value]) => (
                <div key={name}>
                  <dt>{name}</dt>
                  <dd>{value}</dd>
                </div>
              ))}
          </dl>
        </Card>
        <Note value={tag(noteTag)} onSave={(text) => setTag(noteTag, text)} />
        {stages.value && (
          <Card title="Stages">
            <SortableTable
              caption="Time and memory of each stage"
              csv={`stages-${run.id.slice(0, 8)}.csv`}
              rows={stages.value.stages}
              keyOf={(s) => s.stage}
              columns={[
                { name: 'Stage', value: (s) => s.stage },
                {
                  name: 'Time',
                  isNumber: true,
                  value: (s) => s.seconds,
                  show: (s) => shownDuration(1000 * s.seconds),
                },
                {
                  name: 'Share',
                  isNumber: true,
                  value: (s) => s.seconds,
                  show: (s) => (
                    <meter
                      min={0}
                      max={stages.value!.seconds}
                      value={s.seconds}
                      aria-label={`Share of ${s.stage}`}
                    />
                  ),
                },
                {
                  name: 'Peak memory',
                  isNumber: true,
                  value: (s) => s.peakBytes,
                  show: (s) => shownBytes(s.peakBytes),
                },
              ]}
            />
          </Card>
        )}
        <Card title={`Metrics (${run.metrics.length})`}>
          <SortableTable
            caption="Metrics"
            csv={`metrics-${run.id.slice(0, 8)}.csv`}
            rows={run.metrics}
            keyOf={(m) => m.key}
            columns={[
              { name: 'Metric', value: (m) => m.key },
              { name: 'Value', isNumber: true, value: (m) => m.value, show: (m) => shownNumber(m.value) },
            ]}
          />
        </Card>
        <Card title={`Params (${run.params.length})`}>
          <SortableTable
            caption="Params"
            csv={`params-${run.id.slice(0, 8)}.csv`}
            rows={run.params}
            keyOf={(p) => p.key}
            columns={[
              { name: 'Param', value: (p) => p.key },
              { name: 'Value', value: (p) => p.value, show: (p) => <span class="value">{p.value}</span> },
            ]}
          />
        </Card>
        <Card
          title={`Tags (${run.tags.length})`}
          actions={
            <button type="button" class="small" onClick={() => setDialog('tag')}>
              Add
            </button>
          }
        >
          <SortableTable
            caption="Tags"
            rows={run.tags}
            keyOf={(t) => t.key}
            columns={[
              { name: 'Tag', value: (t) => t.key },
              { name: 'Value', value: (t) => t.value, show: (t) => <span class="value">{t.value}</span> },
              {
                name: 'Remove',
                value: () => '',
                show: (t) => (
                  <button
                    type="button"
                    class="plain"
                    aria-label={`Remove tag ${t.key}`}
                    onClick={async () => {
                      await postMlflow('runs/delete-tag', { run_id: run.id, key: t.key });
                      reload();
                    }}
                  >
                    ✕
                  </button>
                ),
              },
            ]}
          />
        </Card>
      </div>
      {dialog === 'tag' && (
        <TextDialog
          title="Add a tag"
          label="name=value"
          action="Add"
          onClose={() => setDialog(null)}
          onSave={(text) => {
            const at = text.indexOf('=');
            return setTag((at < 0 ? text : text.slice(0, at)).trim(), at < 0 ? '' : text.slice(at + 1));
          }}
        />
      )}
    </>
  );
}

function Note({ value, onSave }: { value: string; onSave: (text: string) => Promise<void> }) {
  const [text, setText] = useState<string | null>(null);
  return (
    <Card
      title="Note"
      actions={
        text === null ? (
          <button type="button" class="small" onClick={() => setText(value)}>
            Edit
          </button>
        ) : (
          <button
            type="button"
            class="small primary"
            onClick={async () => {
              await onSave(text);
              setText(null);
            }}
          >
            Save
          </button>
        )
      }
    >
      {text !== null ? (
        <textarea
          rows={5}
          aria-label="Note"
          value={text}
          onInput={(event) => setText(event.currentTarget.value)}
        />
      ) : (
        <p class={value ? 'note-text' : 'muted'}>{value || 'Nothing noted.'}</p>
      )}
    </Card>
  );
}
