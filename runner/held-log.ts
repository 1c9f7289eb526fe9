import type { Log } from '../components/core/log.ts';

/** Keeps what is logged until `release`, and passes everything on from then; progress is passed on at once. */
export class HeldLog implements Log {
  readonly #log: Log;
  #held: (() => void)[] | undefined = [];

  constructor(log: Log) {
    this.#log = log;
  }

  info(message: string): void {
    this.#tell(() => this.#log.info(message));
  }

  warn(message: string): void {
    this.#tell(() => this.#log.warn(message));
  }

  metric(name: string, value: number, step: number): void {
    this.#tell(() => this.#log.metric(name, value, step));
  }

  progress(work: string, share: number): void {
    this.#log.progress(work, share);
  }

  release(): void {
    for (const tell of this.#held ?? []) tell();
    this.#held = undefined;
  }

  #tell(tell: () => void): void {
    if (this.#held) this.#held.push(tell);
    else tell();
  }
}
