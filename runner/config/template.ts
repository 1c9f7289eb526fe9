import { nearest } from '../../components/core/nearest.ts';
import type { Rendered } from './jinja/output.ts';
import { PlacedError, SourceText } from './places.ts';

/**
 * Renders a workflow as qlib's qrun does: Jinja2 with those environment variables as context that the template names.
 * Unlike there, an undefined variable cannot be printed, unless a `default` filter or a test takes care of it, and a template cannot run code,
 * read files, draw at random or use up time and memory.
 * @throws UserError at the place in the template
 */
export async function renderTemplate(
  file: string,
  text: string,
  env: Readonly<Record<string, string | undefined>>,
): Promise<Rendered> {
  if (!/\{[{%#]/.test(text)) return { text, lines: undefined };
  const source = new SourceText(file, text);
  const [{ renderJinja }, { TemplateFailure }] = await Promise.all([
    import('./jinja/render.ts'),
    import('./jinja/failure.ts'),
  ]);
  try {
    return renderJinja(
      text,
      (name) => (Object.hasOwn(env, name) ? env[name] : undefined),
      (offset) => source.lineOf(offset) + 1,
    );
  } catch (error) {
    const failure =
      error instanceof RangeError ? new TemplateFailure('too deeply nested or too large') : error;
    if (!(failure instanceof TemplateFailure)) throw error;
    throw new PlacedError(source.place(failure.at ?? 0), `template: ${failure.message}`, {
      hint: failure.variable === undefined ? failure.hint : undefinedHint(failure.variable, env),
    });
  }
}

function undefinedHint(name: string, env: Readonly<Record<string, string | undefined>>): string {
  const near = nearest(name, Object.keys(env));
  return `${near ? `did you mean "${near}"? ` : ''}set it in the environment, or give a default: {{ ${name} | default('...') }}`;
}
