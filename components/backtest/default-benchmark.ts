/** What qlib falls back to where no benchmark is named. */
export const defaultBenchmark = 'SH000300';
