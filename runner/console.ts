import type { Log } from '../components/core/log.ts';

/** What a run needs of a terminal; tests pass a small stand-in. */
export interface Terminal {
  readonly isTTY: boolean;
  write(text: string): void;
}

/** The process's own standard output. A reader that has gone away (`qrun ... | head -1`) does not end a run. */
export function processTerminal(stream: NodeJS.WriteStream = process.stdout): Terminal {
  stream.on('error', () => {});
  return { isTTY: stream.isTTY === true, write: (text) => void stream.write(text) };
}

/** One finished stage of a run: seconds, and the process's peak resident memory so far in bytes. */
export interface StageTime {
  readonly stage: string;
  readonly seconds: number;
  readonly peakBytes: number;
  /** When it began, in seconds behind the beginning of the first stage; stages may overlap. */
  readonly start?: number;
}

export interface RunConsoleOptions {
  readonly terminal: Terminal;
  /** Gets every line, also those that the terminal does not show. */
  readonly logLine: (line: string) => void;
  readonly metric: (name: string, value: number, step: number) => void;
  readonly now: () => number;
  readonly verbose: boolean;
  /** Called when a stage began (with its name) or ended. */
  readonly stageChanged?: (running?: string) => void;
}

export interface StageOptions<T> {
  readonly result?: (value: T) => string;
  readonly began?: number;
}

/** At most this many warnings are shown; the log has all. */
const shownWarnings = 6;
const barDelayMs = 1000;
const barPauseMs = 100;

/**
 * Tells the story of a run: one line a stage in the terminal, everything in the log. A progress bar appears on a terminal when a
 * piece of work takes longer than a second.
 */
export class RunConsole implements Log {
  readonly stages: StageTime[] = [];
  readonly #options: RunConsoleOptions;
  readonly #warned = new Set<string>();
  #barShown = false;
  #barWork = '';
  #barStarted = 0;
  #barDrawn = 0;
  #firstBegan: number | undefined;

  constructor(options: RunConsoleOptions) {
    this.#options = options;
  }

  get warnings(): number {
    return this.#warned.size;
  }

  /** A line for the user and the log. */
  say(line: string): void {
    this.#clearBar();
    this.#options.terminal.write(`${line}\n`);
    this.#log(line);
  }

  info(message: string): void {
    if (this.#options.verbose) this.say(message);
    else this.#log(message);
  }

  warn(message: string): void {
    if (this.#warned.has(message)) return;
    this.#warned.add(message);
    const line = `warning: ${message}`;
    if (this.#warned.size <= shownWarnings || this.#options.verbose) this.say(line);
    else this.#log(line);
  }

  metric(name: string, value: number, step: number): void {
    this.#options.metric(name, value, step);
  }

  progress(work: string, share: number): void {
    const { terminal, now } = this.#options;
    if (!terminal.isTTY) return;
    const time = now();
    if (work !== this.#barWork || this.#barStarted === 0) {
      this.#clearBar();
      [this.#barWork, this.#barStarted] = [work, time];
    }
    if (share >= 1) {
      this.#clearBar();
      this.#barStarted = 0;
    } else if (time - this.#barStarted > barDelayMs && time - this.#barDrawn > barPauseMs) {
      const filled = Math.round(share * 30);
      terminal.write(
        `\r\x1b[K${work} [${'#'.repeat(filled)}${' '.repeat(30 - filled)}] ${Math.floor(share * 100)} %`,
      );
      [this.#barShown, this.#barDrawn] = [true, time];
    }
  }

  /**
   * Runs one stage and prints its time, the peak memory so far and what `result` says of its outcome. `began`: when the stage's work did, if
   * that was before; the stages that it overlaps are named then.
   */
  async stage<T>(
    stage: string,
    run: () => Promise<T>,
    { result = () => '', began = this.#options.now() }: StageOptions<T> = {},
  ): Promise<T> {
    this.#log(`${stage}: started`);
    this.#options.stageChanged?.(stage);
    const value = await run();
    // the clock may be set back meanwhile
    const seconds = Math.max(0, this.#options.now() - began) / 1000;
    const peakBytes = process.resourceUsage().maxRSS * 1024;
    this.#firstBegan ??= began;
    const start = Math.max(0, began - this.#firstBegan) / 1000;
    const beside = this.stages.filter((s) => s.start !== undefined && s.start + s.seconds > start);
    this.stages.push({ stage, seconds, peakBytes, start });
    this.#options.stageChanged?.();
    const said = [
      result(value),
      ...(beside.length > 0 ? [`beside ${beside.map((s) => s.stage).join(', ')}`] : []),
    ];
    this.say(
      `${stage.padEnd(16)}${seconds.toFixed(2).padStart(8)} s${(peakBytes / 1e9).toFixed(2).padStart(7)} GB   ${said.filter((text) => text !== '').join('; ')}`.trimEnd(),
    );
    return value;
  }

  #log(line: string): void {
    const time = new Date(this.#options.now()).toISOString();
    for (const part of line.split('\n')) this.#options.logLine(`${time} ${part}`);
  }

  #clearBar(): void {
    if (this.#barShown) this.#options.terminal.write('\r\x1b[K');
    this.#barShown = false;
  }
}
