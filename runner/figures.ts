import type { MetricValue } from '../records/tracking/recorder.ts';
import { summaryLines } from './summary.ts';

/** The figures of a run as they come, for the terminal: what a run has reckoned can be told even where it can no longer be kept. */
export class Figures {
  readonly #steps = new Map<string, { value: number; step: number }>();
  readonly #values: Record<string, number> = {};

  /** A figure by step, as models log them. */
  step(name: string, value: number, step: number): void {
    this.#steps.set(name, { value, step });
  }

  /** Metrics as records log them. */
  note(metrics: Readonly<Record<string, MetricValue>>): void {
    for (const [name, value] of Object.entries(metrics))
      if (typeof value === 'number') this.#values[name] = value;
  }

  /** One line for the last step of the training, then those of the summary. */
  lines(): string[] {
    const last = [...this.#steps].map(
      ([name, { value, step }]) => `${name} ${value.toPrecision(6)} (step ${step})`,
    );
    return [...(last.length > 0 ? [last.join('   ')] : []), ...summaryLines(this.#values)];
  }
}
