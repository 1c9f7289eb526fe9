import { nearest } from '../../components/core/nearest.ts';
import { PlacedError, SourceText } from './places.ts';
import { checkTags } from './template-tags.ts';

export interface Rendered {
  readonly text: string;
  /** The file's line of every line of `text`; undefined where they are the same. */
  readonly lines: Uint32Array | undefined;
}

/**
 * Renders a workflow as qlib's qrun does: Jinja with those environment variables as context that the template names.
 * Unlike there, an undefined variable is an error unless a `default` filter or a test takes care of it, and a template cannot run
 * code, read files or use up time and memory.
 *
 * The engine is @huggingface/jinja because it interprets a tree, whose evaluation `SafeInterpreter` counts and bounds; nunjucks
 * compiles templates to JavaScript and offers no hook for that.
 * @throws UserError at the line of the template
 */
export async function renderTemplate(
  file: string,
  text: string,
  env: Readonly<Record<string, string | undefined>>,
): Promise<Rendered> {
  if (!/\{[{%#]/.test(text)) return { text, lines: undefined };
  const source = new SourceText(file, text);
  checkTags(source);
  const { evaluateTemplate, TemplateFailure } = await import('./template-run.ts');
  const marked = markLines(text);
  try {
    return splitLines(evaluateTemplate(marked.text, env), marked.isMarked);
  } catch (error) {
    if (!(error instanceof TemplateFailure)) throw error;
    const line = error.line ?? 1;
    throw new PlacedError(
      { file, line, column: error.line === undefined ? 1 : columnOf(source, line, error.variable) },
      `template: ${error.message}`,
      { hint: error.variable === undefined ? error.hint : undefinedHint(error.variable, env) },
    );
  }
}

function undefinedHint(name: string, env: Readonly<Record<string, string | undefined>>): string {
  const near = nearest(name, Object.keys(env));
  return `${near ? `did you mean "${near}"? ` : ''}set it in the environment, or give a default: {{ ${name} | default('...') }}`;
}

function columnOf({ text }: SourceText, line: number, name: string | undefined): number {
  const at = name === undefined ? -1 : (text.split('\n')[line - 1] ?? '').indexOf(name);
  return at < 0 ? 1 : at + 1;
}

/*
 * Line numbers travel through the template as runs of rare white space after each line break: white space, so that `-%}` strips
 * them with the rest. U+2000 to U+2007 are octal digits, U+2008 ends a number.
 */
const anyMark = /[\u2000-\u2008]/;
const allMarks = /[\u2000-\u2007]+\u2008/g;

function markLines(text: string): { text: string; isMarked: boolean } {
  if (anyMark.test(text)) return { text, isMarked: false };
  const mark = (line: number) =>
    `${[...line.toString(8)].map((d) => String.fromCharCode(0x2000 + Number(d))).join('')}\u2008`;
  const marked = text.split('\n').map((content, i) => mark(i + 1) + content);
  return { text: marked.join('\n'), isMarked: true };
}

/** The last line number among the marks of `text`. */
export function lastMark(text: string): number | undefined {
  const end = text.lastIndexOf('\u2008');
  if (end < 0) return undefined;
  let start = end;
  while (start > 0 && text.charCodeAt(start - 1) >= 0x2000 && text.charCodeAt(start - 1) <= 0x2007) start--;
  return readMark(text.slice(start, end));
}

function readMark(mark: string): number | undefined {
  const digits = [...mark].map((c) => c.charCodeAt(0) - 0x2000).join('');
  return digits === '' ? undefined : Number.parseInt(digits, 8);
}

function splitLines(text: string, isMarked: boolean): Rendered {
  if (!isMarked) return { text, lines: undefined };
  const lines = text.split('\n');
  const numbers = new Uint32Array(lines.length);
  let current = 1;
  const clean = lines.map((line, i) => {
    const first = /^[\u2000-\u2007]+/.exec(line)?.[0];
    numbers[i] = (first === undefined ? undefined : readMark(first)) ?? current;
    current = lastMark(line) ?? current;
    return line.replace(allMarks, '');
  });
  return { text: clean.join('\n'), lines: numbers };
}
