import { UserError } from '../../core/errors.ts';

const shown = 120;

/** An error that shows the expression with a caret below the character at fault. */
export function expressionError(text: string, at: number, problem: string, hint?: string): UserError {
  const cut = Math.max(0, Math.min(at - shown / 2, text.length - shown));
  const line = text.slice(cut, cut + shown).replace(/\s/g, ' ');
  const head = cut > 0 ? '...' : '';
  const tail = cut + shown < text.length ? '...' : '';
  const caret = `${' '.repeat(head.length + Math.min(at, text.length) - cut)}^`;
  return new UserError(`expression, character ${at + 1}: ${problem}`, {
    hint: [`${head}${line}${tail}`, `${caret}`, ...(hint ? [hint] : [])].join('\n  '),
  });
}
