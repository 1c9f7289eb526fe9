import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PyDate, PyDateTime, PyFloat } from '../../../components/core/python.ts';
import { settingsOf } from '../../../runner/config/index.ts';
import { Files, messageOf } from './support.ts';

let files: Files;
beforeAll(() => {
  files = new Files();
});
afterAll(() => files.remove());

const failure = (text: string | Uint8Array) => {
  files.write('w.yaml', text);
  return messageOf(() => files.read('w.yaml'));
};

describe('readWorkflow', () => {
  it.each([
    ['an empty file', '', 'w.yaml: the file is empty, a workflow was expected'],
    ['a file of comments', '# a\n# b\n', 'w.yaml:1:1: the file has no content, a workflow was expected'],
    ['a list', '- 1\n', 'w.yaml:1:1: a workflow must be a mapping of keys, got a list'],
    ['a word', 'hello\n', 'w.yaml:1:1: a workflow must be a mapping of keys, got a single value'],
    ['UTF-16', Buffer.from('\ufeffa: 1', 'utf16le'), 'w.yaml: the file is UTF-16 text\n  save it as UTF-8'],
    ['UTF-16 without a mark', Buffer.from('abcdefgh: 1', 'utf16le'), 'w.yaml: the file is UTF-16 text'],
    ['Latin-1', Buffer.from('a: 1\nb: José\n', 'latin1'), 'w.yaml:2:7: byte 0xe9 is not valid UTF-8'],
    ['NUL', 'a: 1\nbc\0: 2', 'w.yaml:2:3: a NUL character (\\x00) is not allowed'],
    ['an escape character', 'a: \x1b[0m', 'w.yaml:1:4: the control character 0x1b is not allowed'],
    [
      '3 MB',
      `a: 1\n${'#'.repeat(3_000_000)}`,
      'w.yaml: the file is too large for a workflow: 2.9 MB\n  the limit is 2 MB',
    ],
    ['deep nesting', `a: ${'['.repeat(1000)}`, 'w.yaml:1:103: invalid YAML: nesting exceeded maxDepth (100)'],
    ['two documents', 'a: 1\n---\nb: 2\n', 'w.yaml:3:1: a second YAML document begins here'],
    [
      'an open quote',
      'a: "x\nb: 1\n',
      'w.yaml:2:1: invalid YAML: deficient indentation\n  a quote or bracket that is opened above is not closed',
    ],
    [
      'a tab',
      'a:\n\tb: 1\n',
      'w.yaml:2:1: invalid YAML: tab characters must not be used in indentation\n  indent with spaces',
    ],
    [
      'a value that YAML keeps for itself',
      'a:\n  b: @c\n',
      'w.yaml:2:6: invalid YAML: a value cannot begin with @\n  put the value in quotes',
    ],
    [
      'a space that is none',
      'a:\n  b: 1\n\u00a0 c: 2\n  d: 3\n',
      'w.yaml:3:1: invalid YAML: the character U+00A0 stands in the indentation\n  it looks like a space and is none: indent with plain spaces',
    ],
  ])('refuses %s', async (_, text, message) => {
    expect((await failure(text)).slice(0, message.length)).toBe(message);
  });

  it('refuses what is no regular file', async () => {
    mkdirSync(join(files.folder, 'folder.yaml'));
    symlinkSync('/dev/zero', join(files.folder, 'zero.yaml'));
    symlinkSync('loop.yaml', join(files.folder, 'loop.yaml'));
    const of = (name: string) => messageOf(() => files.read(name));
    expect(await of('none.yaml')).toBe('none.yaml: no such file');
    expect(await of('no\0ne.yaml')).toBe('no\0ne.yaml: no such file: its name has a NUL character');
    expect(await of('folder.yaml')).toBe('folder.yaml: is a folder, a workflow file was expected');
    expect(await of('zero.yaml')).toMatch('zero.yaml: is not a regular file but a device, pipe or socket');
    expect(await of('loop.yaml')).toBe('loop.yaml: cannot be read: its symbolic links lead in a circle');
  });

  it('reads a byte order mark, Windows line ends and any names', async () => {
    files.write('my conf (1) é.yaml', '\ufeffa: 1\r\nb: [x,\r\n  y]\r\n');
    const workflow = await files.read('my conf (1) é.yaml');
    expect(workflow.config).toEqual({ a: 1, b: ['x', 'y'] });
    expect(workflow.placeOf(['b', 1])).toEqual({ file: 'my conf (1) é.yaml', line: 3, column: 3 });
  });

  it('knows the places of keys and items, through aliases and merges too', async () => {
    files.write('w.yaml', 'a: &a\n  x: 1\n  y: [1, {z: 2}]\nb: *a\nc:\n  <<: *a\n  w: 3\n');
    const { placeOf } = await files.read('w.yaml').then((w) => ({ placeOf: w.placeOf.bind(w) }));
    const at = (...path: (string | number)[]) => {
      const { line, column } = placeOf(path);
      return [line, column];
    };
    expect(at('a')).toEqual([1, 1]);
    expect(at('a', 'y', 1, 'z')).toEqual([3, 11]);
    expect(at('b')).toEqual([4, 1]);
    expect(at('b', 'x')).toEqual([2, 3]);
    expect(at('c', 'x')).toEqual([2, 3]);
    expect(at('c', 'w')).toEqual([7, 3]);
    expect(at('c', 'none', 'deeper')).toEqual([5, 1]);
    expect(at()).toEqual([1, 1]);
  });

  it('keeps names of JavaScript as keys like any other', async () => {
    files.write('w.yaml', '__proto__: {polluted: yes}\nconstructor: 1\n');
    const { config } = await files.read('w.yaml');
    expect(Object.keys(config)).toEqual(['__proto__', 'constructor']);
    expect(Object.getPrototypeOf(config)).toBe(null);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });

  it('gives components dates as text and whole floats as numbers, and Python what Python had', async () => {
    files.write('w.yaml', 'd: 2008-01-02\nt: 2008-01-02 09:30:00\nf: 1e3\ni: 5\nb: 99999999999999999999\n');
    const { config, python } = await files.read('w.yaml');
    expect(config).toEqual({ d: '2008-01-02', t: '2008-01-02 09:30:00', f: 1000, i: 5, b: 1e20 });
    const day = Date.UTC(2008, 0, 2);
    expect(python).toEqual(
      new Map<string, unknown>([
        ['d', new PyDate(day)],
        ['t', new PyDateTime(day + 34_200_000)],
        ['f', new PyFloat(1000)],
        ['i', 5],
        ['b', 99999999999999999999n],
      ]),
    );
  });

  it('counts lines of the file, not of the rendered text', async () => {
    files.write('w.yaml', 'a: 1\n{# one\ntwo #}\n{% if X %}\nb: {{ X }}\n{% endif %}\nc: 3\n');
    const workflow = await files.read('w.yaml', { X: '7' });
    expect(workflow.config).toEqual({ a: 1, b: 7, c: 3 });
    expect([workflow.placeOf(['b']).line, workflow.placeOf(['c']).line]).toEqual([5, 7]);
  });
});

describe('BASE_CONFIG_PATH', () => {
  it('puts the file over its base as qlib does: mappings merged, lists replaced, "__DROP__" deletes', async () => {
    files.write('base.yaml', 'a: {x: 1, y: [1, 2], z: {u: 1}}\nb: 2\nc: 3\n');
    files.write(
      'w.yaml',
      'BASE_CONFIG_PATH: base.yaml\na: {y: [9], z: {v: 2}}\nb: __DROP__\nnew: __DROP__\nd: 4\n',
    );
    const workflow = await files.read('w.yaml');
    // qlib: update_config(base, own)
    expect(workflow.config).toEqual({
      BASE_CONFIG_PATH: 'base.yaml',
      a: { x: 1, y: [9], z: { u: 1, v: 2 } },
      c: 3,
      d: 4,
    });
    expect(workflow.placeOf(['a', 'x'])).toEqual({ file: 'base.yaml', line: 1, column: 5 });
    expect(workflow.placeOf(['a', 'z', 'v'])).toEqual({ file: 'w.yaml', line: 2, column: 17 });
  });

  it('looks in the current folder, then beside the file', async () => {
    files.write('sub/w.yaml', 'BASE_CONFIG_PATH: near.yaml\n');
    files.write('sub/near.yaml', 'a: beside\n');
    expect((await files.read('sub/w.yaml')).config['a']).toBe('beside');
    files.write('near.yaml', 'a: here\n');
    expect((await files.read('sub/w.yaml')).config['a']).toBe('here');
    files.write('w.yaml', `BASE_CONFIG_PATH: ${join(files.folder, 'near.yaml')}\n`);
    expect((await files.read('w.yaml')).config['a']).toBe('here');
  });

  const problemsOf = async (text: string) => {
    files.write('w.yaml', text);
    const { problems, warnings } = await files.read('w.yaml');
    return [...problems, ...warnings].map((e) => e.message.replaceAll(files.folder, '')).join('\n');
  };

  it('says what is wrong with it', async () => {
    files.write('list.yaml', '- 1\n');
    files.write('nested.yaml', 'BASE_CONFIG_PATH: base.yaml\n');
    expect(await problemsOf('BASE_CONFIG_PATH: none.yaml\n')).toBe(
      'w.yaml:1:1: BASE_CONFIG_PATH: no such file "none.yaml"\n  looked for /none.yaml and /none.yaml',
    );
    expect(await problemsOf('BASE_CONFIG_PATH: bsae.yml\n')).toBe(
      'w.yaml:1:1: BASE_CONFIG_PATH: no such file "bsae.yml"\n  did you mean "base.yaml"? looked for /bsae.yml and /bsae.yml',
    );
    mkdirSync(join(files.folder, 'folder'));
    expect(await problemsOf('BASE_CONFIG_PATH: folder\n')).toMatch(
      'w.yaml:1:1: BASE_CONFIG_PATH: folder: is a folder',
    );
    expect(await problemsOf('BASE_CONFIG_PATH: 7\n')).toBe(
      'w.yaml:1:1: BASE_CONFIG_PATH must be a string, the path of a YAML file, got 7',
    );
    expect(await problemsOf('BASE_CONFIG_PATH: list.yaml\n')).toMatch(
      '"list.yaml" must be a mapping of keys, it is not one',
    );
    expect(await problemsOf('BASE_CONFIG_PATH: w.yaml\n')).toBe(
      'w.yaml:1:1: BASE_CONFIG_PATH leads to the file itself and is ignored',
    );
    expect(await problemsOf('BASE_CONFIG_PATH: nested.yaml\n')).toBe(
      'nested.yaml:1:1: the BASE_CONFIG_PATH of a base file is not followed',
    );
    expect(await problemsOf('BASE_CONFIG_PATH: null\na: 1\n')).toBe('');
  });

  it('does not render the base as a template, as qlib does not', async () => {
    files.write('template.yaml', 'a: "{{ X }}"\n');
    files.write('w.yaml', 'BASE_CONFIG_PATH: template.yaml\n');
    expect((await files.read('w.yaml', { X: '7' })).config['a']).toBe('{{ X }}');
  });
});

describe('settingsOf', () => {
  const settings = async (text: string) => {
    files.write('w.yaml', text);
    return settingsOf(await files.read('w.yaml'), { cwd: '/cwd', home: '/home/me' });
  };

  it('fills in what qlib does', async () => {
    const { experimentName, qlib, task } = await settings('qlib_init: {}\ntask: {model: A, dataset: B}\n');
    expect(experimentName).toBeUndefined();
    expect(qlib).toMatchObject({
      providerUri: { __DEFAULT_FREQ: '/home/me/.qlib/qlib_data/cn_data' },
      region: 'cn',
      expManager: undefined,
    });
    expect(task).toMatchObject({ model: 'A', dataset: 'B', reweighter: undefined, records: [] });
  });

  it('reads folders by frequency, the region, the store, a single record', async () => {
    const { experimentName, qlib, task } = await settings(
      'experiment_name: e\nqlib_init:\n  provider_uri: {day: data, 1min: /abs/x}\n  region: us\n  exp_manager: {class: MLflowExpManager, kwargs: {uri: "file:runs"}}\ntask: {model: A, dataset: B, record: {class: C}}\n',
    );
    expect(experimentName).toBe('e');
    expect(qlib.providerUri).toEqual({ day: '/cwd/data', '1min': '/abs/x' });
    expect(qlib.region).toBe('us');
    expect(qlib.expManager).toEqual({ uri: 'file:runs' });
    expect(task.records).toEqual([{ spec: { class: 'C' }, path: ['task', 'record'] }]);
  });
});
