/** What V8's profiler returns, the content of a `.cpuprofile`; of its fields those that are read here. */
export interface CpuProfile {
  readonly nodes: readonly {
    readonly id: number;
    readonly callFrame: {
      readonly functionName: string;
      readonly url: string;
      /** From 0. */
      readonly lineNumber: number;
    };
  }[];
  /** Microseconds. */
  readonly startTime: number;
  readonly endTime: number;
  /** Ids of nodes, one a sample. */
  readonly samples?: readonly number[] | undefined;
  /** Microseconds from the sample before, one a sample. */
  readonly timeDeltas?: readonly number[] | undefined;
}
