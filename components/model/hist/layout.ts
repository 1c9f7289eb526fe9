/** How a feature is binned: bin b of a value is how many thresholds are below it (`reaches`: not above it). NaN has the bin `missing`. */
export interface Binning {
  readonly thresholds: Float32Array;
  readonly reaches: boolean;
  readonly missing: number;
  /** Bins that occur are less than this. */
  readonly bins: number;
}

/** Where a feature's bins and histogram lie. */
export interface FeaturePlace {
  /** Address of its bin of row 0; the others follow at `stride` bytes. */
  readonly at: number;
  readonly stride: number;
  /** Bins of 16 bits. */
  readonly wide: boolean;
  /** Bytes from the beginning of a slot to its histogram. */
  readonly offset: number;
  readonly bins: number;
}

/** Features of one thread and one width of bins, row by row next to each other. */
export interface Group {
  readonly owner: number;
  readonly features: readonly number[];
  readonly wide: boolean;
  readonly at: number;
  /** Bytes of a row, a multiple of 16. */
  readonly width: number;
  /** Addresses of the features' offsets and of working memory. */
  readonly offsets: number;
  readonly stage: number;
  /** Bytes from the beginning of a slot to the first histogram, and pairs of them all. */
  readonly first: number;
  readonly entries: number;
}

/** What the layout of the memory depends on; the same on every thread. */
export interface LayoutSpec {
  readonly binnings: readonly Binning[];
  readonly length: number;
  readonly threads: number;
  /** Histograms that are needed at a time. */
  readonly slots: number;
  /** Bytes of the algorithm's own, shared by all threads. */
  readonly ownBytes: number;
}

export interface Layout {
  readonly features: readonly FeaturePlace[];
  readonly groups: readonly Group[];
  readonly rows: number;
  readonly spare: number;
  /** (gradient, hessian) float32 of every row. */
  readonly pairs: number;
  readonly slots: number;
  readonly slotBytes: number;
  readonly own: number;
  readonly bytes: number;
}

/** The memory before this address belongs to compiled kernels. */
const firstFree = 65_536;
/** Rows of a chunk, as hist-rows.as.ts has it. */
const stageRows = 1024;

/** Lays out the memory. Threads get features in turn, so that each has some of every kind. */
export function makeLayout({ binnings, length, threads, slots, ownBytes }: LayoutSpec): Layout {
  let end = firstFree;
  const take = (bytes: number) => {
    const at = end;
    end = Math.ceil((end + bytes) / 64) * 64;
    return at;
  };
  const own = take(ownBytes);
  const features: FeaturePlace[] = new Array(binnings.length);
  const groups: Group[] = [];
  let offset = 0;
  for (let owner = 0; owner < threads; owner++)
    for (const wide of [false, true]) {
      const members = binnings.flatMap(({ bins }, f) =>
        f % threads === owner && bins > 256 === wide ? [f] : [],
      );
      if (members.length === 0) continue;
      const size = wide ? 2 : 1;
      const width = Math.ceil((members.length * size) / 16) * 16;
      const at = take(length * width);
      const first = offset;
      for (const [lane, f] of members.entries()) {
        const { bins } = binnings[f]!;
        features[f] = { at: at + lane * size, stride: width, wide, offset, bins };
        offset += 16 * bins;
      }
      groups.push({
        owner,
        features: members,
        wide,
        at,
        width,
        offsets: take(4 * members.length),
        stage: take(stageRows * (width + 8)),
        first,
        entries: (offset - first) / 16,
      });
    }
  // one more row each, which parting may touch
  const rows = take(4 * (length + 1));
  const spare = take(4 * (length + 1));
  const pairs = take(8 * length);
  const slotBytes = Math.ceil(offset / 64) * 64;
  return { features, groups, rows, spare, pairs, slots: take(slots * slotBytes), slotBytes, own, bytes: end };
}
