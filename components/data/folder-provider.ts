import type { Time } from '../core/dates.ts';
import { UserError } from '../core/errors.ts';
import { listed } from '../core/listed.ts';
import type { Log } from '../core/log.ts';
import { silentLog } from '../core/log.ts';
import { nearest } from '../core/nearest.ts';
import { Panel, PanelIndex } from '../core/panel.ts';
import type { WorkerPool } from '../core/workers.ts';
import { BinFolder } from './bins.ts';
import { calendarRange, readCalendar, resampleCalendar } from './calendar.ts';
import { columnSource } from './column-source.ts';
import { crossSectionFeatures, hasCrossSection } from './cross-section/cross-section.ts';
import { builtinSet, type OperatorSet } from './expression/operator-set.ts';
import type { Operators } from './expression/parse.ts';
import { computeFeatures, type FeatureJob, type FeatureRows, featureRows } from './features.ts';
import { applyFilters } from './filters.ts';
import { DataFolder } from './folder.ts';
import { type Frequency, formatFrequency, frequencyMinutes, parseFrequency } from './frequency.ts';
import { readInstruments } from './instruments.ts';
import { makePlan, type Plan } from './plan/plan.ts';
import { PitFolder } from './point-in-time/pit-folder.ts';
import { pitFieldsOf } from './point-in-time/pit-plan.ts';
import type {
  ColumnSource,
  DataProvider,
  DataReads,
  FeatureRequest,
  InstrumentSpans,
  InstrumentsSpec,
  Span,
} from './provider.ts';

/** One folder for all frequencies, or one for each: `{day: folder, '1min': folder}`. */
export type DataFolders = string | Readonly<Record<string, string>>;

export interface OpenDataOptions {
  readonly pool?: WorkerPool | undefined;
  readonly log?: Log;
  /** Operators of expressions; default: the built-in ones. */
  readonly operators?: OperatorSet | undefined;
}

/** Opens data in qlib's binary layout. @throws UserError for a folder that has none */
export function openData(folders: DataFolders, options: OpenDataOptions = {}): DataProvider {
  return new FolderProvider(folders, options);
}

class FolderProvider implements DataProvider {
  readonly folder: string;
  readonly #folders: ReadonlyMap<string | null, DataFolder>;
  readonly #log: Log;
  readonly #pool: WorkerPool | undefined;
  readonly #calendars = new Map<string, Float64Array>();
  readonly #markets = new Map<string, InstrumentSpans>();
  readonly #bins = new Map<string, BinFolder>();
  readonly #operators: OperatorSet;
  #pit: PitFolder | undefined;
  /** What was opened last: whoever finds it small enough asks for all of it next. */
  #opened:
    | { readonly request: FeatureRequest; readonly job: FeatureJob; readonly rows: FeatureRows }
    | undefined;

  constructor(folders: DataFolders, { log = silentLog, pool, operators = builtinSet }: OpenDataOptions) {
    this.#operators = operators;
    this.#log = warningOnce(log);
    this.#pool = pool;
    if (typeof folders === 'string') this.#folders = new Map([[null, new DataFolder(folders)]]);
    else {
      const entries = Object.entries(folders).map(
        ([freq, path]) =>
          [
            freq === '__DEFAULT_FREQ' ? null : formatFrequency(parseFrequency(freq)),
            new DataFolder(path),
          ] as const,
      );
      if (entries.length === 0)
        throw new UserError('no data folder is given', {
          hint: 'provider_uri must name a folder, or one for each frequency',
        });
      this.#folders = new Map(entries);
    }
    this.folder = [...this.#folders.values()][0]!.path;
  }

  get operators(): Operators {
    return this.#operators.operators;
  }

  async calendar({
    start = null,
    end = null,
    freq = 'day',
    future = false,
  }: {
    start?: Time | null;
    end?: Time | null;
    freq?: string;
    future?: boolean;
  } = {}): Promise<Float64Array> {
    const times = this.#calendar(parseFrequency(freq), future);
    const { from, to } = calendarRange(times, start, end);
    return times.slice(from, to);
  }

  async markets(): Promise<string[]> {
    return this.#folderOf(null).markets().sort();
  }

  async instruments(
    spec: InstrumentsSpec,
    {
      start = null,
      end = null,
      freq = 'day',
      membersFreq = freq,
    }: { start?: Time | null; end?: Time | null; freq?: string; membersFreq?: string | undefined } = {},
  ): Promise<InstrumentSpans> {
    const times = this.#calendar(parseFrequency(freq), false);
    const low = start ?? times[0]!;
    const high = end ?? times.at(-1)!;
    const cut = new Map<string, readonly Span[]>();
    for (const [name, spans] of this.#spansOf(spec, membersFreq)) {
      const kept = (spans ?? [{ start: low, end: high }])
        .map((span) => ({ start: Math.max(span.start, low), end: Math.min(span.end, high) }))
        .filter((span) => span.start <= span.end);
      if (kept.length > 0) cut.set(name, kept);
    }
    const pipe = isMarket(spec) ? (spec.filter_pipe ?? []) : [];
    return applyFilters(this, pipe, cut, { start: low, end: high, freq });
  }

  async fields(instrument: string, freq = 'day'): Promise<string[]> {
    return this.#binsOf(freq).fields(instrument);
  }

  async features(request: FeatureRequest): Promise<Panel> {
    const { fields, freq = 'day', onProgress } = request;
    if (fields.length === 0) throw new UserError('no field is asked for', { hint: 'fields cannot be empty' });
    if (hasCrossSection(fields))
      return crossSectionFeatures({
        ...{ request, bins: this.#binsOf(freq), operators: this.operators },
        times: this.#calendar(parseFrequency(freq), false),
        features: (part) => this.features(part),
      });
    const opened = this.#opened;
    this.#opened = undefined;
    if (opened && isSameRequest(opened.request, request))
      return computeFeatures({ ...opened.job, onProgress }, opened.rows);
    const job = await this.#job(request);
    if (!job) return emptyPanel(request);
    const panel = await computeFeatures({ ...job, onProgress });
    this.#warnOfGaps(job);
    this.#warnOfPitGaps(job);
    return panel;
  }

  async openFeatures(request: FeatureRequest): Promise<ColumnSource | null> {
    const job = hasCrossSection(request.fields) ? null : await this.#job(request);
    if (!job || job.plan.sources.some((source) => source.pit)) return null;
    const rows = featureRows(job);
    this.#opened = { request, job, rows };
    this.#warnOfGaps(job);
    return columnSource(job, rows, this.operators);
  }

  /** What is to be computed; null where no day is asked for. */
  async #job({
    instruments,
    fields,
    start,
    end,
    freq = 'day',
    membersFreq = freq,
  }: FeatureRequest): Promise<FeatureJob | null> {
    const bins = this.#binsOf(freq);
    const times = this.#calendar(parseFrequency(freq), false);
    const range = calendarRange(times, start, end);
    const plan = makePlan(
      fields.map((f) => f.expression),
      range,
      this.operators,
    );
    this.#warnOfPointInTime(plan);
    // As qlib: spans of the whole calendar, filters as well; a list has none.
    const filtered =
      isMarket(instruments) && instruments.filter_pipe?.length
        ? await this.instruments(instruments, { freq, membersFreq })
        : this.#spansOf(instruments, membersFreq);
    if (range.from === range.to) return null;
    const names = [...filtered.keys()].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
    const spans = names.map(
      (name) => filtered.get(name)?.map((span) => calendarRange(times, span.start, span.end)) ?? null,
    );
    return {
      ...{ plan, fields, bins, times, spans },
      pit: this.#pitFolder,
      pitFields: plan.sources.map(pitFieldsOf),
      operators: this.#operators.modules,
      instruments: names,
      pool: this.#pool,
      log: this.#log,
    };
  }

  reads(): DataReads {
    const fields = this.#pit?.found() ?? [];
    return {
      frequencies: [...this.#bins].map(([freq, bins]) => ({
        freq,
        folder: bins.folder.path,
        times: this.#calendar(parseFrequency(freq), false),
        bins: bins.found(),
      })),
      markets: [...this.#markets].map(([file, spans]) => ({ file, spans })),
      ...(fields.length > 0 ? { pointInTime: { folder: this.#pitFolder.folder.path, fields } } : {}),
    };
  }

  get #pitFolder(): PitFolder {
    this.#pit ??= new PitFolder(this.#folderOf(null));
    return this.#pit;
  }

  /** Without point-in-time data its expressions have no rows, as in qlib. */
  #warnOfPointInTime({ sources }: Plan): void {
    const { folder } = this.#pitFolder;
    const source = sources.find((s) => s.pit);
    if (source && !folder.hasPointInTime)
      this.#log.warn(`no point-in-time data in ${folder.path}: ${source.field} has no rows`);
  }

  /** One warning for each point-in-time field that some or all instruments lack. */
  #warnOfPitGaps({ pit, pitFields, instruments }: FeatureJob): void {
    if (!pit.folder.hasPointInTime || instruments.length === 0) return;
    const fields = pitFields.flat().filter(({ instrument }) => instrument === null);
    for (const field of new Set(fields.map((f) => f.field))) {
      const missing = instruments.filter((name) => !pit.find(name, field));
      if (missing.length === 0) continue;
      const near = nearest(field, new Set(instruments.flatMap((name) => pit.fields(name))));
      this.#log.warn(
        missing.length === instruments.length
          ? `field $$${field} has no data for any instrument: its values are NaN${near ? `; did you mean $$${near}?` : ''}`
          : `field $$${field} has no data for ${missing.length} of ${instruments.length} instruments: ${listed(missing)}`,
      );
    }
  }

  /** One warning for instruments without data, one for each field that some or all lack. */
  #warnOfGaps({ plan, instruments: names, bins }: FeatureJob): void {
    const fields = plan.sources
      .filter((s) => s.instrument === null && !s.pit && !bins.isLent(s.field))
      .map((s) => s.field);
    const without = names.filter((name) => bins.folder.featureFolder(name) === undefined);
    if (without.length > 0)
      this.#log.warn(`no data for ${without.length} of ${names.length} instruments: ${listed(without)}`);
    const present = names.filter((name) => bins.folder.featureFolder(name) !== undefined);
    const uneven = present.filter((name) => !isEven(name, fields, bins));
    if (uneven.length > 0)
      this.#log.warn(
        `the fields of ${uneven.length} of ${present.length} instruments cover different days: ${listed(uneven)}`,
      );
    for (const field of fields) {
      const missing = present.filter((name) => !bins.find(name, field)?.length);
      if (missing.length > 0)
        this.#log.warn(
          missing.length === present.length
            ? `field $${field} has no data for any instrument: its values are NaN${this.#hint(field, present, bins)}`
            : `field $${field} has no data for ${missing.length} of ${present.length} instruments: ${listed(missing)}`,
        );
    }
  }

  #hint(field: string, names: readonly string[], bins: BinFolder): string {
    const near = names.length > 0 ? nearest(field, bins.fields(names[0]!)) : undefined;
    // a bin without values is there
    return near && near !== field ? `; did you mean $${near}?` : '';
  }

  /** Instruments of a spec with the spans of its market file; null where it has none. */
  #spansOf(spec: InstrumentsSpec, freq: string): ReadonlyMap<string, readonly Span[] | null> {
    if (typeof spec === 'string') return this.#market(spec, freq);
    if (spec instanceof Map) return spec;
    if (Array.isArray(spec)) return new Map(spec.map((name: string) => [name, null]));
    if (isMarket(spec)) return this.#market(spec.market, freq);
    throw new UserError(
      'instruments must be the name of a market, a list of names, or {market, filter_pipe}',
    );
  }

  #market(market: string, freq: string): InstrumentSpans {
    const file = this.#folderOf(formatFrequency(parseFrequency(freq))).marketFile(market);
    let spans = this.#markets.get(file);
    if (!spans) this.#markets.set(file, (spans = readInstruments(file)));
    return spans;
  }

  #binsOf(freq: string): BinFolder {
    const frequency = formatFrequency(parseFrequency(freq));
    let bins = this.#bins.get(frequency);
    if (!bins) {
      const folder = this.#folderOf(frequency);
      if (!folder.calendarFiles().has(frequency))
        throw new UserError(`data folder ${folder.path} has no data for freq "${freq}"`, {
          hint: `it has ${this.#frequencies(folder).join(', ')}`,
        });
      bins = new BinFolder(folder, frequency, this.#calendar(parseFrequency(freq), false).length);
      this.#bins.set(frequency, bins);
    }
    return bins;
  }

  #calendar(frequency: Frequency, future: boolean): Float64Array {
    const name = `${formatFrequency(frequency)}${future ? '_future' : ''}`;
    let times = this.#calendars.get(name);
    if (!times) this.#calendars.set(name, (times = this.#loadCalendar(frequency, future)));
    return times;
  }

  #loadCalendar(frequency: Frequency, future: boolean): Float64Array {
    const name = formatFrequency(frequency);
    const folder = this.#folderOf(name);
    const files = folder.calendarFiles();
    const file = files.get(future ? `${name}_future` : name);
    if (file) return readCalendar(file);
    if (future && files.has(name)) {
      this.#log.warn(
        `no calendar of future days (${name}_future.txt) in ${folder.part('calendars')}: the calendar ends today`,
      );
      return this.#calendar(frequency, false);
    }
    // the coarsest calendar that is finer
    const finer = this.#frequencies(folder)
      .map(parseFrequency)
      .filter((f) => frequencyMinutes(f) <= frequencyMinutes(frequency))
      .sort((a, b) => frequencyMinutes(b) - frequencyMinutes(a))[0];
    if (!finer || frequency.base === 'min')
      throw new UserError(`no calendar for freq "${name}" in ${folder.part('calendars')}`, {
        hint: `it has ${this.#frequencies(folder).join(', ') || 'none'}`,
      });
    return resampleCalendar(this.#calendar(finer, future), frequency);
  }

  #frequencies(folder: DataFolder): string[] {
    return [...folder.calendarFiles().keys()].filter((name) => !name.endsWith('_future')).sort();
  }

  #folderOf(frequency: string | null): DataFolder {
    return this.#folders.get(frequency) ?? this.#folders.get(null) ?? [...this.#folders.values()][0]!;
  }
}

/** Whether both ask for the same, but for who hears of the progress. */
function isSameRequest(a: FeatureRequest, b: FeatureRequest): boolean {
  const frequencies = ({ freq = 'day', membersFreq = freq }: FeatureRequest) => `${freq} ${membersFreq}`;
  return (
    a.instruments === b.instruments &&
    a.start === b.start &&
    a.end === b.end &&
    frequencies(a) === frequencies(b) &&
    a.fields.length === b.fields.length &&
    a.fields.every(({ group, name, expression }, i) => {
      const other = b.fields[i]!;
      return group === other.group && name === other.name && expression === other.expression;
    })
  );
}

/** A gap in the data is told once, however many calls meet it. */
function warningOnce(log: Log): Log {
  const told = new Set<string>();
  return {
    info: (message) => log.info(message),
    warn: (message) => {
      if (!told.has(message)) log.warn(message);
      told.add(message);
    },
    metric: (name, value, step) => log.metric(name, value, step),
    progress: (work, share) => log.progress(work, share),
  };
}

/** Whether the bins of an instrument's fields, where it has them, cover the same days. */
function isEven(instrument: string, fields: readonly string[], bins: BinFolder): boolean {
  let first: { readonly start: number; readonly length: number } | undefined;
  for (const field of fields) {
    const bin = bins.find(instrument, field);
    if (!bin?.length) continue;
    if (first && (first.start !== bin.start || first.length !== bin.length)) return false;
    first = bin;
  }
  return true;
}

function isMarket(spec: InstrumentsSpec): spec is { market: string; filter_pipe?: readonly unknown[] } {
  return (
    typeof spec === 'object' &&
    !Array.isArray(spec) &&
    !(spec instanceof Map) &&
    typeof (spec as { market?: unknown }).market === 'string'
  );
}

function emptyPanel({ fields }: FeatureRequest): Panel {
  const index = new PanelIndex(
    new Float64Array(0),
    Int32Array.of(0),
    [],
    new Int32Array(new SharedArrayBuffer(0)),
  );
  return new Panel(
    index,
    fields.map(({ group, name }) => ({
      group,
      name,
      values: new Float32Array(new SharedArrayBuffer(0)),
      rows: null,
    })),
  );
}
