/** A rendered text, and where its lines come from. */
export interface Rendered {
  readonly text: string;
  /** The file's line of every line of `text`; undefined where they are the same. */
  readonly lines: Uint32Array | undefined;
}

/** Text as it is written, with the file's line of each of its lines. */
export class Output {
  text = '';
  readonly #lines = [1];
  #isBlank = true;

  /** Text that stands in the file at this line (from 1). */
  source(text: string, line: number): void {
    const parts = text.split('\n');
    for (const [i, part] of parts.entries()) {
      if (i > 0) this.#newLine(line + i);
      this.#part(part, line + i);
    }
    this.text += text;
  }

  /** Text that a tag in this line has made. */
  value(text: string, line: number): void {
    for (const [i, part] of text.split('\n').entries()) {
      if (i > 0) this.#newLine(line);
      this.#part(part, line);
    }
    this.text += text;
  }

  rendered(): Rendered {
    return { text: this.text, lines: Uint32Array.from(this.#lines) };
  }

  #newLine(line: number): void {
    this.#lines.push(line);
    this.#isBlank = true;
  }

  /** The first that can be seen in a line says where it comes from. */
  #part(text: string, line: number): void {
    if (!this.#isBlank || text.trim() === '') return;
    this.#lines[this.#lines.length - 1] = line;
    this.#isBlank = false;
  }
}
