import { tableToPanel } from '../../../components/core/table-to-panel.ts';
import { scoreAutocorrelation } from '../../../components/eval/autocorrelation.ts';
import { groupReturns } from '../../../components/eval/group-returns.ts';
import type { ArtifactFolder } from '../../../records/tracking/artifact-folder.ts';
import { type ApiRoute, runParameter } from './api-route.ts';
import { allFiles, type FoundFile } from './files.ts';
import { importanceOf } from './importance.ts';
import { loadTable, mostBytes } from './load-artifact.ts';
import { asNumbers, daysOf, numbersOf, sentNumbers, timesOf } from './series.ts';

export const researchRoute: ApiRoute = {
  method: 'GET',
  path: 'runs/:run_id/research',
  summary:
    'Series for the charts of a run, out of its artifacts: portfolio, IC, group returns, importance; parts that are missing are null',
  parameters: [runParameter],
  async handle(fields, { places }) {
    const folder = await places.ofRun(fields.requiredText('run_id'));
    const { files } = await allFiles(folder);
    const [report, ic, longShort, groups, importance] = [
      await reportOf(folder, files),
      await icOf(folder),
      await longShortOf(folder),
      await groupsOf(folder, files),
      await importanceOf(folder, files),
    ];
    return { report, ic, longShort, groups, importance, hasPositions: positionsPath(files) !== undefined };
  },
};

const reportName = /(?:^|\/)report_normal_(\w+)\.pkl$/;

/** The path of the positions that belong to the first report. */
export function positionsPath(files: readonly FoundFile[]): string | undefined {
  return files.find(({ path }) => /(?:^|\/)positions_normal_\w+\.pkl$/.test(path))?.path;
}

/** Returns of the account and of the benchmark day by day, as qlib's report has them: before cost, with the cost beside. */
export async function reportOf(folder: ArtifactFolder, files: readonly FoundFile[]): Promise<object | null> {
  const path = files.find((file) => reportName.test(file.path))?.path;
  const table = path === undefined ? undefined : await loadTable(folder, path);
  if (!table || path === undefined) return null;
  const column = (name: string) => {
    const values = numbersOf(table, name);
    return values ? sentNumbers(values) : null;
  };
  return {
    freq: reportName.exec(path)![1],
    days: daysOf(timesOf(table)),
    return: column('return'),
    bench: column('bench'),
    cost: column('cost'),
    turnover: column('turnover'),
    account: column('account'),
    cash: column('cash'),
  };
}

export async function icOf(folder: ArtifactFolder): Promise<object | null> {
  const ic = await loadTable(folder, 'sig_analysis/ic.pkl');
  const ric = await loadTable(folder, 'sig_analysis/ric.pkl');
  if (ic?.kind !== 'series') return null;
  return {
    days: daysOf(timesOf(ic)),
    ic: sentNumbers(asNumbers(ic.values)),
    ric: ric?.kind === 'series' ? sentNumbers(asNumbers(ric.values)) : null,
  };
}

async function longShortOf(folder: ArtifactFolder): Promise<object | null> {
  const longShort = await loadTable(folder, 'sig_analysis/long_short_r.pkl');
  const longAverage = await loadTable(folder, 'sig_analysis/long_avg_r.pkl');
  if (longShort?.kind !== 'series') return null;
  return {
    days: daysOf(timesOf(longShort)),
    longShort: sentNumbers(asNumbers(longShort.values)),
    average: longAverage?.kind === 'series' ? sentNumbers(asNumbers(longAverage.values)) : null,
  };
}

async function groupsOf(folder: ArtifactFolder, files: readonly FoundFile[]): Promise<object | null> {
  const size = files.find(({ path }) => path === 'pred.pkl')?.size ?? mostBytes;
  if (size > mostBytes / 4) return null;
  const pred = await loadTable(folder, 'pred.pkl');
  const label = await loadTable(folder, 'label.pkl');
  if (!pred || !label) return null;
  try {
    const [scores, labels] = [tableToPanel(pred), tableToPanel(label)];
    const { times, groups, average } = groupReturns(scores, labels);
    const auto = scoreAutocorrelation(scores);
    return {
      days: daysOf(times),
      groups: groups.map(sentNumbers),
      average: sentNumbers(average),
      autocorrelation: { days: daysOf(auto.times), values: sentNumbers(auto.values) },
    };
  } catch {
    // Predictions of another form than (datetime, instrument): no such chart.
    return null;
  }
}
