import type { TrackingError } from '../errors.ts';
import { searchError } from './search-error.ts';

/** A place in a search text that moves forward. */
export class Cursor {
  at = 0;
  constructor(
    readonly text: string,
    /** What the text is, for messages: `search filter`. */
    readonly what: string,
  ) {}

  /** At the end, white space aside. */
  get ended(): boolean {
    this.skip();
    return this.at >= this.text.length;
  }

  skip(): void {
    while (this.at < this.text.length && /\s/.test(this.text[this.at]!)) this.at++;
  }

  /** Takes what the sticky pattern matches here, after white space. */
  take(pattern: RegExp): string | undefined {
    this.skip();
    return this.takeHere(pattern);
  }

  /** Takes what the sticky pattern matches right here. */
  takeHere(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.at;
    const m = pattern.exec(this.text);
    if (m) this.at += m[0].length;
    return m?.[0];
  }

  /** Takes a text in one of the quotes; there are no escapes. */
  takeQuoted(quotes: string): string | undefined {
    this.skip();
    const quote = this.text[this.at];
    if (quote === undefined || !quotes.includes(quote)) return undefined;
    const end = this.text.indexOf(quote, this.at + 1);
    if (end < 0) throw this.error(`the quote ${quote} is never closed`);
    const inner = this.text.slice(this.at + 1, end);
    this.at = end + 1;
    return inner;
  }

  /** What stands here, for messages. */
  get found(): string {
    if (this.ended) return 'the end';
    return JSON.stringify(/\S+/.exec(this.text.slice(this.at))?.[0].slice(0, 40));
  }

  error(problem: string, hint?: string, at: number = this.at): TrackingError {
    return searchError(this.what, this.text, at, problem, hint);
  }
}
