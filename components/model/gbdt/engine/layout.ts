import type { BinMapper } from '../bins/bin-mapper.ts';
import { Feature, Found, Job, scratchBytes } from './job.ts';
import { roomyBytes } from './room.ts';
import { threadBytes } from './row-lists.ts';

/** The features of one thread: their bins of row r are the bytes `at + r * width ..`, a byte a feature. */
export interface Group {
  readonly at: number;
  /** A multiple of 16. */
  readonly width: number;
  /** First of its features among the used ones, as `Layout.features` has them. */
  readonly first: number;
  readonly count: number;
  readonly owner: number;
  /** Places of the active features, uint16. */
  readonly lanes: number;
  /** Addresses of the features' `columnAt`, uint32; see `Layout`. */
  readonly columns: number;
  /** Working memory of histograms; zero between steps. */
  readonly scratch: number;
  /** Room for the bins and pairs of a chunk of rows. */
  readonly stage: number;
  /** A single feature with more than 256 bins: those of its rows are uint16, one after the other. */
  readonly wide: boolean;
}

export interface UsedFeature {
  readonly column: number;
  readonly mapper: BinMapper;
  /** Its place in a row of its group. */
  readonly lane: number;
  /** Address of the bins of all training rows one after the other, a byte each; 0: only in the group. */
  readonly columnAt: number;
  /** Address of its bin of row 0; the others follow at `stride`. */
  readonly at: number;
  readonly stride: number;
  /** First entry in a compact histogram. */
  readonly start: number;
}

/** Where everything lies in the engine's memory. */
export interface Layout {
  /** Group after group. Threads get features in turn, so that each has some of every kind. */
  readonly features: readonly UsedFeature[];
  /** Place in `features` of the used features in the order of their columns. */
  readonly places: Uint32Array;
  /** Place in `features` of each column, -1 of those that are not used. */
  readonly featureOf: Int32Array;
  readonly groups: readonly Group[];
  readonly job: number;
  /** Two results a thread. */
  readonly results: number;
  readonly featureTable: number;
  readonly active: number;
  readonly allowedSmaller: number;
  readonly allowedLarger: number;
  /** The only thresholds to look at in both children, int32 a feature. */
  readonly onlySmaller: number;
  readonly onlyLarger: number;
  /** Bounds of outputs in both children, two float64 a feature. */
  readonly boundsSmaller: number;
  readonly boundsLarger: number;
  /** (gradient, hessian) float32 pairs, class after class. */
  readonly pairs: number;
  readonly rows: number;
  /** Room for the left and the right rows of a leaf that is parted. */
  readonly leftRows: number;
  readonly spareRows: number;
  /** Of each validation set the address of each feature's bins, a byte a row; 0 of features with more than 256 bins, and where memory would get scarce. */
  readonly valids: readonly Uint32Array[];
  /** Working memory of each thread, `threadBytes` long; see row-lists.ts. */
  readonly threads: number;
  /** Slots from here on, as many as a tree needs: a compact histogram, then one splittable byte a feature. Binning keeps its tables here. */
  readonly slots: number;
  readonly slotBytes: number;
  /** Bytes of a slot before the splittable flags. */
  readonly histogramBytes: number;
}

/** A byte can name its bins. */
export const isNarrow = ({ mapper }: { readonly mapper: BinMapper }) => mapper.bins <= 256;

/** The memory before this address belongs to compiled kernels. */
export const firstFree = 65_536;
/** Rows of a chunk, as gbdt-histograms.as.ts has it. */
const stageRows = 1024;
/** Bins that lie in the engine's memory before it is laid out. */
export interface PlacedBins {
  /** Address of the bins of each column, a byte a row. */
  readonly columns: Uint32Array;
  /** The same of each validation set; null: not there. */
  readonly valids: readonly (Uint32Array | null)[];
  /** The first address behind them. */
  readonly end: number;
}

/** What gbdt-histograms.as.ts works in: a plan of packing, the bins of a chunk with what is written beyond them, its pairs. */
function stageBytes(width: number): number {
  return 2 * Math.max(width, 80) + stageRows * width + 16 + stageRows * 8;
}

/** Lays out the engine's memory; the same on every thread. */
export function makeLayout(options: {
  readonly mappers: readonly BinMapper[];
  readonly rows: number;
  /** Whether bins may be laid out by feature as well. */
  readonly byFeature: boolean;
  readonly placed: PlacedBins | null;
  /** Lengths of the validation sets. */
  readonly valids: readonly number[];
  readonly classes: number;
  readonly threads: number;
}): Layout {
  const { mappers, rows, byFeature, placed, valids, classes, threads } = options;
  let at = Math.max(firstFree, placed?.end ?? 0);
  const take = (bytes: number) => {
    const start = at;
    at = Math.ceil((at + bytes) / 64) * 64;
    return start;
  };
  const used = mappers.map((mapper, column) => ({ mapper, column })).filter(({ mapper }) => !mapper.trivial);
  const job = take(Job.size * 8);
  const results = take(threads * 2 * Found.size * 8);
  const featureTable = take(used.length * Feature.size * 4);
  const [active, allowedSmaller, allowedLarger] = [take(used.length), take(used.length), take(used.length)];
  const [onlySmaller, onlyLarger] = [take(used.length * 4), take(used.length * 4)];
  const [boundsSmaller, boundsLarger] = [take(used.length * 16), take(used.length * 16)];
  const ranks = Array.from({ length: threads }, (_, owner) => owner);
  const order = ranks.flatMap((owner) => {
    const own = used.filter((_, u) => u % threads === owner);
    // features of few bins wait for their last sum: side by side they wait together
    const narrow = own.filter(isNarrow).sort((a, b) => a.mapper.bins - b.mapper.bins);
    return [...narrow, ...own.filter((feature) => !isNarrow(feature))];
  });
  const groups: Group[] = [];
  let laid = 0;
  for (const owner of ranks) {
    const own = order.slice(laid, laid + used.filter((_, u) => u % threads === owner).length);
    const count = own.filter(isNarrow).length;
    if (count > 0) {
      const width = Math.ceil(count / 16) * 16;
      groups.push({
        at: take(rows * width),
        width,
        first: laid,
        count,
        owner,
        lanes: take(count * 2),
        columns: take(count * 4),
        scratch: take(count * scratchBytes),
        stage: take(stageBytes(width)),
        wide: false,
      });
    }
    laid += count;
    for (const { mapper } of own.slice(count)) {
      const scratch = take(mapper.bins * 16);
      const at = take(rows * 2);
      groups.push({
        at,
        width: 2,
        first: laid++,
        count: 1,
        owner,
        lanes: 0,
        columns: 0,
        scratch,
        stage: 0,
        wide: true,
      });
    }
  }
  const pairs = take(classes * rows * 8);
  const rowsAt = take(rows * 4);
  const leftRows = take(rows * 4);
  const spareRows = take(rows * 4);
  const threadsAt = take(threads * threadBytes);
  const isRoomy = byFeature && at + (rows + valids.reduce((a, b) => a + b, 0)) * used.length < roomyBytes;
  const columnsAt = isRoomy ? take(rows * used.length) : 0;
  const validsAt = valids.map((length) => (isRoomy ? take(length * used.length) : 0));
  const features: UsedFeature[] = [];
  let start = 0;
  for (const { at: groupAt, width, first, count } of groups)
    for (let lane = 0; lane < count; lane++) {
      const { mapper, column } = order[first + lane]!;
      const ownAt = isRoomy && isNarrow({ mapper }) ? columnsAt + (first + lane) * rows : 0;
      const columnAt = placed?.columns[column] ?? ownAt;
      features.push({ column, mapper, lane, at: groupAt + lane, stride: width, start, columnAt });
      start += mapper.bins;
    }
  const featureOf = new Int32Array(mappers.length).fill(-1);
  for (const [f, { column }] of features.entries()) featureOf[column] = f;
  const places = Uint32Array.from(used, (feature) => order.indexOf(feature));
  const histogramBytes = start * 16;
  const slotBytes = Math.ceil((histogramBytes + used.length) / 64) * 64;
  return {
    features,
    places,
    featureOf,
    groups,
    job,
    results,
    featureTable,
    active,
    allowedSmaller,
    allowedLarger,
    onlySmaller,
    onlyLarger,
    boundsSmaller,
    boundsLarger,
    pairs,
    rows: rowsAt,
    leftRows,
    spareRows,
    valids: valids.map((length, i) =>
      Uint32Array.from(features, (feature, f) => {
        const own = isRoomy && isNarrow(feature) ? validsAt[i]! + f * length : 0;
        return placed?.valids[i]?.[feature.column] ?? own;
      }),
    ),
    threads: threadsAt,
    slots: at,
    slotBytes,
    histogramBytes,
  };
}
