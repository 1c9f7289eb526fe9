import { load } from 'js-yaml';
import type { Panel } from '../../../components/core/panel.ts';
import { tableToPanel } from '../../../components/core/table-to-panel.ts';
import { bootstrapInterval, meanFigure } from '../../../components/eval/bootstrap.ts';
import { normalProbability } from '../../../components/eval/normal.ts';
import type { ArtifactFolder } from '../../../records/tracking/artifact-folder.ts';
import { badRequest } from '../api-error.ts';
import type { ApiRoute } from './api-route.ts';
import { configOf } from './config.ts';
import { allFiles } from './files.ts';
import { flattened } from './flattened.ts';
import { loadTable } from './load-artifact.ts';
import { correlations } from './pred-correlation.ts';
import { icOf, reportOf } from './research.ts';
import { rowOf } from './runs-table.ts';

const most = 20;

interface Report {
  readonly days: readonly string[];
  readonly return: readonly (number | null)[] | null;
  readonly bench: readonly (number | null)[] | null;
  readonly cost: readonly (number | null)[] | null;
}

export const compareRoute: ApiRoute = {
  method: 'POST',
  path: 'compare',
  summary:
    'Two to twenty runs beside each other: config, portfolio, IC, correlation of predictions, and how sure the differences are',
  parameters: [
    {
      name: 'run_ids',
      type: 'array',
      required: true,
      description: 'ids; the first is what the others are compared with',
    },
  ],
  async handle(fields, { store, places, now }) {
    const ids = [...new Set(fields.texts('run_ids'))];
    if (ids.length < 1 || ids.length > most)
      throw badRequest(`1 to ${most} runs can be compared, ${ids.length} were given`);
    const runs: object[] = [];
    const reports: (Report | null)[] = [];
    const panels: (Panel | null)[] = [];
    for (const id of ids) {
      const run = await store.getRun(id);
      const folder = await places.ofRun(id);
      const { files } = await allFiles(folder);
      const report = (await reportOf(folder, files)) as Report | null;
      reports.push(report);
      panels.push(await panelOf(folder));
      runs.push({ ...rowOf(run, now()), report, ic: await icOf(folder), config: await flatConfig(folder) });
    }
    return {
      runs,
      correlation: correlations(panels),
      differences: reports.slice(1).map((report) => difference(reports[0] ?? null, report)),
    };
  },
};

async function panelOf(folder: ArtifactFolder): Promise<Panel | null> {
  const table = await loadTable(folder, 'pred.pkl');
  try {
    return table ? tableToPanel(table) : null;
  } catch {
    return null;
  }
}

async function flatConfig(folder: ArtifactFolder): Promise<Record<string, string> | null> {
  const config = await configOf(folder);
  if (!config) return null;
  try {
    return flattened(load(config.text));
  } catch {
    return null;
  }
}

/**
 * The daily excess return after cost of a run less that of the first, over days that both have: mean a year, t of the mean (days taken for independent),
 * its two-sided p by the normal distribution, and the interval of the mean by the stationary bootstrap, which does not take them so.
 */
function difference(first: Report | null, second: Report | null): object | null {
  if (!first?.return || !second?.return) return null;
  const base = byDay(first);
  const gaps: number[] = [];
  for (const [day, value] of byDay(second)) {
    const other = base.get(day);
    if (other !== undefined) gaps.push(value - other);
  }
  const n = gaps.length;
  if (n < 3) return null;
  const mean = gaps.reduce((a, b) => a + b, 0) / n;
  const deviation = Math.sqrt(gaps.reduce((a, x) => a + (x - mean) ** 2, 0) / (n - 1));
  const t = deviation > 0 ? mean / (deviation / Math.sqrt(n)) : 0;
  const { low, high } = bootstrapInterval(gaps, meanFigure, { resamples: 1000, seed: 1 });
  const year = 252;
  return {
    days: n,
    annual: mean * year,
    t,
    p: deviation > 0 ? 2 * (1 - normalProbability(Math.abs(t))) : 1,
    low: low * year,
    high: high * year,
  };
}

function byDay({ days, return: returns, cost }: Report): Map<string, number> {
  const out = new Map<string, number>();
  for (const [i, day] of days.entries()) {
    const value = returns?.[i];
    if (value !== null && value !== undefined) out.set(day, value - (cost?.[i] ?? 0));
  }
  return out;
}
