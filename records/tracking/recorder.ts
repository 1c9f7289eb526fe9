/** The writer of one run (qlib's Recorder over MLflow's run). */
export interface Recorder {
  readonly id: string;
  readonly name: string;
  readonly experimentId: string;
  logParams(params: Readonly<Record<string, unknown>>): Promise<void>;
  /** A number, or a series of (step, value). */
  logMetrics(
    metrics: Readonly<Record<string, number | readonly (readonly [step: number, value: number])[]>>,
    step?: number,
  ): Promise<void>;
  setTags(tags: Readonly<Record<string, unknown>>): Promise<void>;
  /** Saves objects as artifacts under `artifactPath`; the codec goes by the name's ending (`.pkl`, `.json`, `.csv`, none = pickle). */
  saveObjects(objects: Readonly<Record<string, unknown>>, artifactPath?: string): Promise<void>;
  /** Reads an artifact back: tables, scalars, dicts. Nothing in a pickle is executed. */
  loadObject(name: string): Promise<unknown>;
  logArtifact(localPath: string, artifactPath?: string): Promise<void>;
  listArtifacts(artifactPath?: string): Promise<string[]>;
}
