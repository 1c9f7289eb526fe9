import { TemplateFailure } from './failure.ts';
import { sizeOf, type Value } from './values.ts';

const maxSteps = 100_000;
const maxDepth = 200;
/** Of one value, in characters and items. */
const maxSize = 8192;
const maxOutput = 2 * 1024 * 1024;

/** What a template may take of time and memory. Each method throws a TemplateFailure beyond it. */
export class Budget {
  #steps = 0;
  #depth = 0;
  #output = 0;

  step(count = 1): void {
    this.#steps += count;
    if (this.#steps > maxSteps)
      throw new TemplateFailure('too many steps: a loop is too long', `the limit is ${maxSteps}`);
  }

  /** A value was made: large ones count as more steps. */
  value(value: Value): void {
    const size = typeof value === 'object' || typeof value === 'string' ? sizeOf(value, maxSize) : 1;
    this.step(size >> 5);
    if (size > maxSize) throw new TemplateFailure(`a value is too large: more than ${maxSize} characters`);
  }

  written(text: string): void {
    this.#output += text.length;
    if (this.#output > maxOutput)
      throw new TemplateFailure(`too much text: more than ${maxOutput} characters`);
  }

  deeper<T>(work: () => T): T {
    if (++this.#depth > maxDepth)
      throw new TemplateFailure(
        'too deeply nested: a macro may call itself',
        `the limit is ${maxDepth} levels`,
      );
    try {
      return work();
    } finally {
      this.#depth--;
    }
  }
}
