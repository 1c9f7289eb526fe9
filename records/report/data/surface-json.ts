import type { Surface } from '../../../components/eval/cost-surface.ts';
import type { Recorder } from '../../tracking/recorder.ts';

/** Kept with the run, so that the report can be made again without the market's data. */
export const surfaceName = 'cost_surface.json';

export function surfaceToJson({ costs, delays, capitals, steps, sharpe, excess }: Surface) {
  return {
    axes: ['costs', 'delays', 'capitals'],
    costs,
    delays,
    capitals,
    steps,
    sharpe: Array.from(sharpe),
    excess: Array.from(excess),
  };
}

/** The kept surface; undefined where there is none, or something else. */
export async function loadSurface(
  recorder: Recorder,
  names: ReadonlySet<string>,
): Promise<Surface | undefined> {
  const name = `portfolio_analysis/${surfaceName}`;
  if (!names.has(name)) return undefined;
  const value = (await recorder.loadObject(name)) as Partial<Record<keyof Surface, unknown>> | null;
  const list = (x: unknown) => (Array.isArray(x) ? x.map(Number) : []);
  const [costs, delays, capitals] = [list(value?.costs), list(value?.delays), list(value?.capitals)];
  const [sharpe, excess] = [list(value?.sharpe), list(value?.excess)];
  const size = costs.length * delays.length * capitals.length;
  if (size === 0 || sharpe.length !== size || excess.length !== size) return undefined;
  return {
    costs,
    delays,
    capitals,
    steps: Number(value?.steps),
    sharpe: Float64Array.from(sharpe),
    excess: Float64Array.from(excess),
  };
}
