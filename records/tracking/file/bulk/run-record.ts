/** The folders and files in which a run keeps its values, in the order in which they were found. */
export interface RunFiles {
  /** `params`, `params/a`, `metrics` ... below the run's folder. */
  readonly folders: readonly string[];
  readonly params: readonly string[];
  readonly metrics: readonly string[];
  readonly tags: readonly string[];
}

export const entryKinds = ['params', 'metrics', 'tags'] as const;

/** All values of one run as they were read at `readAt` (the machine's clock, milliseconds). */
export interface RunRecord {
  readonly files: RunFiles;
  /** Of the params, then of the tags. */
  readonly texts: readonly string[];
  /** `pointSize` numbers a metric: value, timestamp, step of the current point. */
  readonly points: Float64Array;
  /** All files that are there have a value, and all three folders are there. */
  readonly isWhole: boolean;
  readonly readAt: number;
}

export const pointSize = 3;

/** What the file system says of a folder or file: time of change of the inode (which no program can set), number of the inode, size. */
export const markSize = 3;

/** How many numbers the marks of such a run are: of its folders, then of the files of params, metrics and tags. */
export function markCount({ folders, params, metrics, tags }: RunFiles): number {
  return markSize * (folders.length + params.length + metrics.length + tags.length);
}
