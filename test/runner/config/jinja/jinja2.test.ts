import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { UserError } from '../../../../components/core/errors.ts';
import { renderTemplate } from '../../../../runner/config/template.ts';

/** Templates, and what Jinja2 3.1 makes of them (null: refused); test/parity/jinja_templates.py makes it again. */
const { variables, same, strict } = JSON.parse(
  readFileSync(new URL('./jinja2.json', import.meta.url), 'utf8'),
) as Record<'same' | 'strict', [string, string | null][]> & { variables: Record<string, string> };

async function rendered(template: string): Promise<string | null> {
  try {
    return (await renderTemplate('w.yaml', template, variables)).text;
  } catch (error) {
    expect(error).toBeInstanceOf(UserError);
    expect(String(error)).toMatch(/w\.yaml:\d+:\d+: template: /);
    return null;
  }
}

describe('a template', () => {
  it.each(same)('is rendered as by Jinja2: %j', async (template, wanted) => {
    expect(await rendered(template)).toBe(wanted);
  });

  it.each(strict)('is refused where Jinja2 prints what is undefined, or worse: %j', async (template) => {
    expect(await rendered(template)).toBeNull();
  });

  it('is rendered, or refused in words, whatever it is made of', async () => {
    const parts = [
      ...same.map(([template]) => template),
      '{{',
      '}}',
      '{%',
      '%}',
      '|',
      '(',
      ')',
      '[',
      ']',
      "'",
      '\n',
      '-',
    ];
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.constantFrom(...parts), { maxLength: 5 }),
        fc.nat(40),
        async (some, cut) => {
          const text = some.join('');
          for (const template of [text, text.slice(cut), text.slice(0, -cut || undefined)])
            expect(typeof (await rendered(template))).toMatch(/string|object/);
        },
      ),
      { numRuns: 300 },
    );
  });
});
