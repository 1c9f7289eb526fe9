import { nearest } from '../../components/core/nearest.ts';
import { markLines, type Rendered, splitLines } from './line-marks.ts';
import { PlacedError, SourceText } from './places.ts';
import { checkTags } from './template-tags.ts';

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
    const broken =
      error.line === undefined ? (await import('./template-syntax.ts')).brokenTag(source) : undefined;
    if (broken) throw broken;
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
