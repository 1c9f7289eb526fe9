import type { TrackingStore } from '../../records/tracking/store.ts';
import type { ExperimentInfo, RunInfo } from '../../records/tracking/types.ts';

const scheme = 'mlflow-artifacts:';

/**
 * Where clients are told that artifacts are: always behind this server (`mlflow-artifacts:/EXPERIMENT/RUN/artifacts`), wherever the store
 * keeps them. Only an experiment that was made with such a uri of its own keeps it.
 */
export class Locations {
  /** Locations of experiments never change. */
  readonly #known = new Map<string, string>();
  constructor(private readonly store: TrackingStore) {}

  ofExperiment({ experimentId, artifactLocation }: ExperimentInfo): string {
    const location = artifactLocation.startsWith(`${scheme}/`)
      ? artifactLocation.replace(/\/+$/, '')
      : `${scheme}/${experimentId}`;
    if (this.#known.size > 100_000) this.#known.clear();
    this.#known.set(experimentId, location);
    return location;
  }

  async ofRun(info: RunInfo): Promise<string> {
    return this.#join((await this.#location(info.experimentId)) ?? `${scheme}/${info.experimentId}`, info);
  }

  /** At once where the experiment was met before. */
  async prepare(experimentIds: Iterable<string>): Promise<(info: RunInfo) => string> {
    for (const id of new Set(experimentIds)) await this.#location(id);
    return (info) => this.#join(this.#known.get(info.experimentId) ?? `${scheme}/${info.experimentId}`, info);
  }

  #join(location: string, { runId }: RunInfo): string {
    return `${location}/${runId}/artifacts`;
  }

  async #location(experimentId: string): Promise<string | undefined> {
    const known = this.#known.get(experimentId);
    if (known !== undefined) return known;
    try {
      return this.ofExperiment(await this.store.getExperiment(experimentId));
    } catch {
      // The run is there, its experiment cannot be read: the run's own path will do.
      return undefined;
    }
  }
}
