import { describe, expect, it } from 'vitest';
import { renderTemplate } from '../../../runner/config/template.ts';

const env = { DATA: '/data', TOPK: '7', NAME: 'x', LONG: 'y'.repeat(9000) };

const render = (text: string) => renderTemplate('w.yaml', text, env).then((r) => r.text);
const failure = (text: string) =>
  renderTemplate('w.yaml', text, env).then(
    () => 'no error',
    (error: Error) => `${error.name} ${error.message}`,
  );

describe('renderTemplate', () => {
  it('leaves a text without tags as it is', async () => {
    expect(await renderTemplate('w.yaml', 'a: {b: 1}\n', env)).toEqual({
      text: 'a: {b: 1}\n',
      lines: undefined,
    });
  });

  it('fills in environment variables, defaults and simple expressions', async () => {
    expect(await render('u: "{{ DATA }}"')).toBe('u: "/data"');
    expect(await render('k: {{ NONE | default(5) }}')).toBe('k: 5');
    expect(await render("k: {{ NONE | default('a') | upper }}")).toBe('k: A');
    expect(await render('k: {{ NONE or 6 }}, {{ TOPK | int + 1 }}, {{ DATA + "/x" }}')).toBe(
      'k: 6, 8, /data/x',
    );
    expect(await render('{% if NONE %}a: 1{% else %}a: 2{% endif %}')).toBe('a: 2');
    expect(await render('{% if NONE is defined %}a: 1{% endif %}b: 2')).toBe('b: 2');
    expect(await render('{% for i in [1, 2] %}a{{ i }}: {{ loop.index0 }}\n{% endfor %}')).toBe(
      'a1: 0\na2: 1\n',
    );
    expect(await render('{% set a = 3 %}k: {{ a }}{# no #}')).toBe('k: 3');
  });

  it("knows which of the file's lines a rendered line came from", async () => {
    const { text, lines } = await renderTemplate(
      'w.yaml',
      'a: 1\n{% for i in [1, 2] %}\nb{{ i }}: 1\n{% endfor %}\nc: {{ TOPK }}',
      env,
    );
    expect(text.split('\n')).toEqual(['a: 1', '', 'b1: 1', '', 'b2: 1', '', 'c: 7']);
    expect([...lines!]).toEqual([1, 2, 3, 4, 3, 4, 5]);
  });

  it('refuses an undefined variable with its line and the nearest name', async () => {
    expect(await failure('a: 1\nb: {{ TOPL }}')).toBe(
      'UserError w.yaml:2:7: template: undefined variable TOPL\n  did you mean "TOPK"? set it in the environment, or give a default: {{ TOPL | default(\'...\') }}',
    );
    expect(await failure('b: {{ TOPK.real }}')).toBe(
      'UserError w.yaml:1:11: template: undefined attribute "real"',
    );
    expect(await failure('b: {{ SOME + 1 }}')).toMatch('undefined variable SOME');
  });

  it.each([
    ['a: 1\nb: {{ 1 + }}', '2:4: template: {{ 1 + }} cannot be read: unexpected "}}"'],
    ['a: 1\nb: {{ 1 if }}', '2:4: template: {{ 1 if }} cannot be read: unexpected "}}"'],
    ['a: {{ TOPK }}\n{% for x %}{% endfor %}', '2:1: template: {% for x %} cannot be read'],
    [
      '{% if TOPK %}\n{% macro f( %}{% endmacro %}{% endif %}',
      '2:1: template: {% macro f( %} cannot be read: unexpected "%}"',
    ],
    ['a: {{ (1 }}', '1:4: template: {{ (1 }} cannot be read: unexpected "}}"'],
    [
      'a: 1\nb: {{ TOPK }}\nc: {{ TOPK | uper }}',
      '3:14: template: unknown filter "uper"\n  did you mean "upper"?',
    ],
    [
      '{% if TOPK %}\na: 1\n{% else %}\nb: {{ TOPK | uper }}\n{% endif %}',
      '4:14: template: unknown filter "uper"',
    ],
  ])('tells where a tag cannot be read: %s', async (text, message) => {
    expect(await failure(text)).toContain(`w.yaml:${message}`);
  });

  it.each([
    ['{% if x %}5', '1:1: template: the block "if" is not closed\n  {% endif %} is missing'],
    ['a\n{% endfor %}', '2:1: template: "endfor" without a block that it ends'],
    [
      '{% if TOPK %}\n{% endfor %}',
      '2:1: template: unexpected "endfor"\n  the block "if" of line 1 is still open',
    ],
    ['{% fro i in x %}', '1:1: template: unknown statement "fro"\n  did you mean "for"?'],
    [
      "a\n# {% include '/etc/passwd' %}",
      '2:3: template: "include" is not allowed\n  a template cannot include files',
    ],
    ['{{ TOPK', '1:1: template: "{{" is not closed\n  "}}" is missing'],
    ['{{ TOPK | lowr }}', '1:11: template: unknown filter "lowr"\n  did you mean "lower"?'],
  ])('tells what is wrong in %j', async (text, message) => {
    expect(await failure(text)).toContain(`UserError w.yaml:${message}`);
  });

  it.each([
    ['a long loop', '{% for i in range(2000000000) %}{% endfor %}', 'range(2000000000) is too large'],
    [
      'nested loops',
      '{% for i in range(3000) %}{% for j in range(3000) %}{{ j }}{% endfor %}{% endfor %}',
      'too many steps',
    ],
    [
      'nested loops without a body',
      '{% for i in range(3000) %}{% for j in range(3000) %}{% endfor %}{% endfor %}',
      'too many steps',
    ],
    ['a macro that calls itself', '{% macro f() %}{{ f() }}{% endmacro %}{{ f() }}', 'too deeply nested'],
    ['a product of text', '{{ "x" * 1000000000 }}', 'a value is too large'],
    [
      'doubled text',
      '{% set s = namespace(x=NAME) %}{% for i in range(50) %}{% set s.x = s.x ~ s.x %}{% endfor %}{{ s.x }}',
      'a value is too large',
    ],
    [
      'doubled lists',
      `{% set a = [1, 1] %}${'{% set a = [a, a] %}'.repeat(40)}{{ a }}`,
      'a value is too large',
    ],
    ['replaced text', `{{ '${'a'.repeat(9000)}' | replace('a', 'b') }}`, 'a value is too large'],
    ['wide indents', "{{ 'a' | indent(1000000000) }}", 'a value is too large'],
    ['a long value', '{{ LONG }}', 'a value is too large: more than 8192 characters'],
    ['many brackets', `{{ ${'('.repeat(100_000)} }}`, 'too deeply nested or too large'],
    [
      "Python's way out",
      "{{ cycler.__init__.__globals__.os.popen('x').read() }}",
      'undefined variable cycler',
    ],
    [
      "JavaScript's way out",
      "{{ NAME.constructor.constructor('return process')() }}",
      'undefined attribute "constructor"',
    ],
    ['the clock', "{{ strftime_now('%Y') }}", 'undefined variable strftime_now'],
  ])('stops %s', async (_, text, message) => {
    expect(await failure(text)).toContain(message);
  });

  it('never shows the value of a variable that is not part of the mistake', async () => {
    const secret = { ...env, SECRET: 'hunter2' };
    const error = await renderTemplate('w.yaml', '# {{ SECRET }}\nb: {{ NONE }}', secret).catch(
      (e: Error) => e.message,
    );
    expect(error).not.toContain('hunter2');
  });
});
