/** Where a component says what it does. It never knows of runs, recorders or terminals. */
export interface Log {
  info(message: string): void;
  /** Something the user should look at; shown in the terminal and counted in the summary. */
  warn(message: string): void;
  /** A figure by step, such as `l2.train` at boosting round 3. */
  metric(name: string, value: number, step: number): void;
  /** Share done of a longer piece of work, in [0, 1]. */
  progress(work: string, share: number): void;
}

export const silentLog: Log = {
  info() {},
  warn() {},
  metric() {},
  progress() {},
};
