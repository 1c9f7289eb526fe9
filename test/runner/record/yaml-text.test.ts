import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PyDate, PyDateTime, PyFloat } from '../../../components/core/python.ts';
import { composeYaml } from '../../../runner/config/compose.ts';
import { SourceText } from '../../../runner/config/places.ts';
import { toPython } from '../../../runner/config/tree.ts';
import { yamlText } from '../../../runner/record/yaml-text.ts';

const parse = (text: string) => toPython(composeYaml(new SourceText('a.yaml', text)).root);

const scalar = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc.string({ unit: 'binary' }),
  fc.constantFrom(
    'yes',
    'No',
    'null',
    '~',
    '1e5',
    '1_000',
    '0x1f',
    '2020-01-02',
    '<<',
    '=',
    '- a',
    'a: b',
    'a #b',
    '.5',
    '12:30:00',
    '{{ x }}',
    '{% raw %}',
    '{# c #}',
    '',
    ' ',
    '*a',
    '&b',
    '!c',
    '@d',
    '%e',
    '|',
    '>',
    '\u2028',
    '\u0085',
    '<MODEL>',
    './a.ts',
    'Ref($close, -2)/Ref($close, -1) - 1',
  ),
  fc.integer(),
  fc.boolean(),
  fc.constant(null),
  fc.double({ noDefaultInfinity: false }).map((x) => (Number.isInteger(x) ? new PyFloat(x) : x)),
  fc.integer({ min: 0, max: 20_000 }).map((day) => new PyDate(day * 86_400_000)),
  fc.integer({ min: 0, max: 2 ** 31 }).map((s) => new PyDateTime(s * 1000)),
);
const tree = fc.letrec<{ node: unknown }>((tie) => ({
  node: fc.oneof(
    { maxDepth: 4 },
    scalar,
    fc.array(tie('node'), { maxLength: 4 }),
    fc.array(fc.tuple(fc.string(), tie('node')), { maxLength: 4 }).map((entries) => new Map(entries)),
  ),
})).node;

describe('yamlText', () => {
  it('reads back as the same tree, and opens no template', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.string({ minLength: 1 }), tree), { minLength: 1, maxLength: 4 }),
        (entries) => {
          const value = new Map(entries);
          const text = yamlText(value);
          expect(text).not.toMatch(/\{[{%#]/);
          expect(parse(text)).toEqual(value);
        },
      ),
      { numRuns: 300 },
    );
  });

  it('is in block style', () => {
    const value = new Map<string, unknown>([
      [
        'task',
        new Map<string, unknown>([
          [
            'record',
            [
              new Map<string, unknown>([
                ['class', 'SignalRecord'],
                ['kwargs', new Map()],
              ]),
              [1, 'two'],
            ],
          ],
        ]),
      ],
      ['alpha', 1e-5],
      ['whole', new PyFloat(2)],
    ]);
    expect(yamlText(value)).toBe(`task:
  record:
    - class: SignalRecord
      kwargs: {}
    - - 1
      - two
alpha: 1.0e-05
whole: 2.0
`);
  });
});
