import { useState } from 'preact/hooks';
import { get, getMlflow, postMlflow, useLoaded } from '../api.ts';
import { shownDuration, shownTime } from '../format.ts';
import { Crumbs, Pending, Status, Tabs } from '../parts/basics.tsx';
import { ConfirmDialog, TextDialog } from '../parts/dialog.tsx';
import { linkTo } from '../router.ts';
import { ArtifactsTab } from './run-artifacts.tsx';
import { CodeTab } from './run-code.tsx';
import { ConfigTab } from './run-config.tsx';
import type { MlflowRun } from './run-data.ts';
import { runData } from './run-data.ts';
import { MetricsTab } from './run-metrics.tsx';
import { ModelTab } from './run-model.tsx';
import { PortfolioTab } from './run-portfolio.tsx';
import { PositionsTab } from './run-positions.tsx';
import { SignalTab } from './run-signal.tsx';
import { SummaryTab } from './run-summary.tsx';

const tabs = [
  ['summary', 'Summary'],
  ['portfolio', 'Portfolio'],
  ['signal', 'Signal'],
  ['model', 'Model'],
  ['positions', 'Positions'],
  ['metrics', 'Metrics'],
  ['config', 'Config'],
  ['code', 'Code'],
  ['artifacts', 'Artifacts'],
] as const;

const liveMs = 5000;

/** One run, in tabs that have addresses of their own. */
export function RunView({ experimentId, runId, tab }: { experimentId: string; runId: string; tab: string }) {
  const [dialog, setDialog] = useState<'rename' | 'delete' | null>(null);
  const [isLive, setLive] = useState(true);
  const loaded = useLoaded(
    runId,
    async () => {
      const { run } = await getMlflow<{ run: MlflowRun }>('runs/get', { run_id: runId });
      const { state } =
        run.info.status === 'RUNNING'
          ? await get<{ state: string }>(`runs/${encodeURIComponent(runId)}/state`)
          : { state: run.info.status };
      setLive(run.info.status === 'RUNNING' || run.info.status === 'SCHEDULED');
      return { ...runData(run), status: state };
    },
    isLive ? liveMs : undefined,
  );
  const experiment = useLoaded(experimentId, () =>
    getMlflow<{ experiment: { name: string } }>('experiments/get', { experiment_id: experimentId }),
  );
  const run = loaded.value;
  const crumbs = [
    { text: 'Experiments', href: '#/' },
    { text: experiment.value?.experiment.name ?? experimentId, href: linkTo(['experiments', experimentId]) },
    { text: run?.name ?? runId },
  ];
  if (!run)
    return (
      <>
        <Crumbs items={crumbs} />
        <h1>Run</h1>
        <Pending loaded={loaded} what="the run" />
      </>
    );
  const change = async (call: string, body: object) => {
    await postMlflow(`runs/${call}`, { run_id: runId, ...body });
    loaded.reload();
  };
  const props = { run, reload: loaded.reload };
  return (
    <>
      <Crumbs items={crumbs} />
      <div class="title">
        <h1>{run.name || run.id}</h1>
        <Status status={run.status} stage={run.stage} />
        <span class="muted">
          {shownTime(run.start)}
          {run.start !== null && ` · ${shownDuration((run.end ?? Date.now()) - run.start)}`}
        </span>
        <span class="spring" />
        <button type="button" onClick={() => setDialog('rename')}>
          Rename
        </button>
        {run.stage === 'deleted' ? (
          <button type="button" onClick={() => void change('restore', {})}>
            Restore
          </button>
        ) : (
          <button type="button" onClick={() => setDialog('delete')}>
            Delete
          </button>
        )}
      </div>
      <Tabs
        tabs={tabs}
        chosen={tab}
        hrefOf={(id) =>
          linkTo(['experiments', experimentId, 'runs', runId, ...(id === 'summary' ? [] : [id])])
        }
      />
      {tab === 'summary' && <SummaryTab {...props} />}
      {tab === 'portfolio' && <PortfolioTab runId={runId} />}
      {tab === 'signal' && <SignalTab runId={runId} />}
      {tab === 'model' && <ModelTab {...props} />}
      {tab === 'positions' && <PositionsTab runId={runId} />}
      {tab === 'metrics' && <MetricsTab {...props} />}
      {tab === 'config' && <ConfigTab runId={runId} />}
      {tab === 'code' && <CodeTab run={run} />}
      {tab === 'artifacts' && <ArtifactsTab runId={runId} />}
      {dialog === 'rename' && (
        <TextDialog
          title="Rename run"
          label="Name"
          value={run.name}
          action="Rename"
          onClose={() => setDialog(null)}
          onSave={(name) => change('update', { run_name: name })}
        />
      )}
      {dialog === 'delete' && (
        <ConfirmDialog
          title="Delete run"
          text="The run is marked as deleted; it can be restored."
          action="Delete"
          onClose={() => setDialog(null)}
          onConfirm={() => change('delete', {})}
        />
      )}
    </>
  );
}
