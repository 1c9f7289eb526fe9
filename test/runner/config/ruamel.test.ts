import { describe, expect, it } from 'vitest';
import { pythonRepr } from '../../../records/pickle/python-repr.ts';
import { composeYaml } from '../../../runner/config/compose.ts';
import { SourceText } from '../../../runner/config/places.ts';
import { toPython } from '../../../runner/config/tree.ts';

/** What Python's repr would print of a YAML text; `error` where reading it reports a problem or fails. */
function read(text: string): string {
  try {
    const { root, problems } = composeYaml(new SourceText('w.yaml', text));
    return problems.length > 0 ? 'error' : pythonRepr(toPython(root));
  } catch {
    return 'error';
  }
}

/*
 * ruamel.yaml 0.18 as qlib uses it:
 *   python -c "import sys; from ruamel.yaml import YAML; print(repr(YAML(typ='safe', pure=True).load(sys.stdin.read())['k']))" <<< 'k: TEXT'
 */
const scalars: readonly (readonly [text: string, repr: string])[] = [
  ['yes', "'yes'"],
  ['on', "'on'"],
  ['y', "'y'"],
  ['True', 'True'],
  ['TRUE', 'True'],
  ['tRUE', "'tRUE'"],
  ['~', 'None'],
  ['Null', 'None'],
  ['None', "'None'"],
  ['', 'None'],
  ['010', '10'],
  ['08', '8'],
  ['-010', '-10'],
  ['0o17', '15'],
  ['0o8', "'0o8'"],
  ['0b11', '3'],
  ['0b', "'0b'"],
  ['0x1F', '31'],
  ['+0x1F', '31'],
  ['0x', "'0x'"],
  ['1_000', '1000'],
  ['1__0', '10'],
  ['_1', "'_1'"],
  ['+1', '1'],
  ['-0', '0'],
  ['99999999999999999999', '99999999999999999999'],
  ['1_0.5', '10.5'],
  ['1e3', '1000.0'],
  ['1E3', '1000.0'],
  ['1e-3', '0.001'],
  ['1e', "'1e'"],
  ['e3', "'e3'"],
  ['1.5e', "'1.5e'"],
  ['.5', '0.5'],
  ['.5e3', "'.5e3'"],
  ['.5e-3', '0.0005'],
  ['-.5', '-0.5'],
  ['+.5', '0.5'],
  ['1.', '1.0'],
  ['1.e5', '100000.0'],
  ['.inf', 'inf'],
  ['-.INF', '-inf'],
  ['.NaN', 'nan'],
  ['0.1e400', 'inf'],
  ['12:30', "'12:30'"],
  ['1:40:00', "'1:40:00'"],
  ['1-2', "'1-2'"],
  ['--', "'--'"],
  ['2018-01-02', 'datetime.date(2018, 1, 2)'],
  ['2018-1-2', "'2018-1-2'"],
  ['2018-01-02 3:04:05', 'datetime.datetime(2018, 1, 2, 3, 4, 5)'],
  ['2018-01-02T03:04:05.5', 'datetime.datetime(2018, 1, 2, 3, 4, 5, 500000)'],
  ['2018-01-02 09:30', "'2018-01-02 09:30'"],
  ['!!int "5"', '5'],
  ['!!str 5', "'5'"],
  ['!!float 1', '1.0'],
  ['!!bool yes', 'True'],
  ['!!null x', 'None'],
  ['! 5', '5'],
  ['!!timestamp 2018-01-02', 'datetime.date(2018, 1, 2)'],
  ['"<<"', "'<<'"],
  // an exception there, a message here
  ['2018-02-30', 'error'],
  ['=', 'error'],
  ['!x 5', 'error'],
  ['!!int abc', 'error'],
  ['!!python/name:os.system', 'error'],
];

const documents: readonly (readonly [text: string, repr: string])[] = [
  ['{b: 1, <<: {a: 2, b: 3}}', "{'a': 2, 'b': 1}"],
  ['{<<: [{a: 1},{a: 2, c: 3}]}', "{'a': 1, 'c': 3}"],
  ['x: {<<: &top {a: 1}}\ny: *top', "{'x': {'a': 1}, 'y': {'a': 1}}"],
  ['a: &a {x: 1}\nb: *a', "{'a': {'x': 1}, 'b': {'x': 1}}"],
  ['&a a: 1\nb: *a', "{'a': 1, 'b': 'a'}"],
  ['{"<<": 5}', "{'<<': 5}"],
  ['- 1\n- 2', '[1, 2]'],
  ['a: |\n  x\n  y\n', "{'a': 'x\\ny\\n'}"],
  ['{a, b: 2}', "{'a': None, 'b': 2}"],
  ['? a\n', "{'a': None}"],
  ['[a: 1]', "[{'a': 1}]"],
  ['a:\nb: 1', "{'a': None, 'b': 1}"],
  ['a: "\\u0041"', "{'a': 'A'}"],
  ["a: '\n\n x'", "{'a': '\\nx'}"],
  ['a: b\n c', "{'a': 'b c'}"],
  ['{"a":1}', "{'a': 1}"],
  ['a: {b:1}', "{'a': {'b:1': None}}"],
  ['a: [b:1]', "{'a': ['b:1']}"],
  // brackets and quoted texts may go on at the margin
  ['a: [\n1,\n2\n]\nb: 3', "{'a': [1, 2], 'b': 3}"],
  ['a:\n  b: {\n  x: 1\n  }\n  c: 2', "{'a': {'b': {'x': 1}, 'c': 2}}"],
  ['a: "x\ny"', "{'a': 'x y'}"],
  ['# only', 'None'],
  // exceptions there, messages here
  ['{<<: 5}', 'error'],
  ['{<<: [5]}', 'error'],
  ['{<<: ~, a: 1}', 'error'],
  ['{<<: {a: 1}, <<: {b: 2}}', 'error'],
  ['{a: 1, a: 2}', 'error'],
  ['a: *x', 'error'],
  ['--- 1\n--- 2', 'error'],
  ['a: 1\n\tb: 2', 'error'],
  ['a: @x', 'error'],
  ['a: `x', 'error'],
  ['a: b: c', 'error'],
  ['a: [1,2', 'error'],
  ['a: {{x}}', 'error'],
  ['a:\n  - b\n - c', 'error'],
  ['"a":1', 'error'],
];

describe('composeYaml', () => {
  it.each(scalars)('reads the scalar %s as ruamel.yaml does', (text, repr) => {
    expect(read(`k: ${text}`)).toBe(repr === 'error' ? repr : `{'k': ${repr}}`);
  });

  it.each(documents)('reads %j as ruamel.yaml does', (text, repr) => {
    expect(read(text)).toBe(repr);
  });

  it('refuses what ruamel.yaml lets pass: a value inside itself, YAML 1.1, time zones, a key twice beside a merge', () => {
    expect(read('a: &x [*x]')).toBe('error');
    expect(read('%YAML 1.1\n---\na: yes')).toBe('error');
    expect(read('k: 2018-01-02T03:04:05Z')).toBe('error');
    expect(read('m: &m {a: 1}\nn:\n  <<: *m\n  a: 2\n  a: 3')).toBe('error');
  });

  it('shares what aliases share instead of copying it', () => {
    const laughs = [
      'a0: &a0 [x, x]',
      ...Array.from({ length: 12 }, (_, i) => `a${i + 1}: &a${i + 1} [*a${i}, *a${i}]`),
    ];
    const { root } = composeYaml(new SourceText('w.yaml', laughs.join('\n')));
    const python = toPython(root) as Map<string, unknown[]>;
    expect(python.get('a12')![0]).toBe(python.get('a12')![1]);
  });

  it('refuses aliases that expand to more than a workflow can hold', () => {
    const bomb = [
      'a0: &a0 [x, x]',
      ...Array.from({ length: 40 }, (_, i) => `a${i + 1}: &a${i + 1} [*a${i}, *a${i}]`),
    ];
    expect(() => composeYaml(new SourceText('w.yaml', bomb.join('\n')))).toThrow(
      'w.yaml:1:1: the file holds too many values, aliases expanded\n  the limit is 200000',
    );
  });
});
