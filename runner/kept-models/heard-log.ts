import type { Log } from '../../components/core/log.ts';

/** What was said once, to be said again. */
export interface Said {
  /** Warnings in their order. */
  readonly warnings: readonly string[];
  /** Figures by step in their order. */
  readonly metrics: readonly (readonly [name: string, value: number, step: number])[];
}

/** Passes everything on, and keeps warnings and figures. */
export class HeardLog implements Log, Said {
  readonly warnings: string[] = [];
  readonly metrics: [name: string, value: number, step: number][] = [];
  readonly #log: Log;

  constructor(log: Log) {
    this.#log = log;
  }

  info(message: string): void {
    this.#log.info(message);
  }

  warn(message: string): void {
    this.warnings.push(message);
    this.#log.warn(message);
  }

  metric(name: string, value: number, step: number): void {
    this.metrics.push([name, value, step]);
    this.#log.metric(name, value, step);
  }

  progress(work: string, share: number): void {
    this.#log.progress(work, share);
  }
}

/** Says to a log what was said to another. */
export function sayAgain({ warnings, metrics }: Said, log: Log): void {
  for (const warning of warnings) log.warn(warning);
  for (const [name, value, step] of metrics) log.metric(name, value, step);
}
