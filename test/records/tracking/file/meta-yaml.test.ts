import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatMeta, parseMeta } from '../../../../records/tracking/file/meta-yaml.ts';

describe('meta.yaml', () => {
  it('is written with sorted keys, as MLflow writes it', () => {
    expect(
      formatMeta({
        name: 'small',
        experiment_id: '127793401018485928',
        artifact_location: 'file:///a/b',
        creation_time: 1,
        tags: [],
      }),
    ).toBe(
      "artifact_location: file:///a/b\ncreation_time: 1\nexperiment_id: '127793401018485928'\nname: small\ntags: []\n",
    );
  });

  it('quotes what YAML would take for something else', () => {
    for (const name of [
      '123',
      'true',
      'Yes',
      '~',
      'a: b',
      '',
      ' a',
      '1e5',
      '0x1F',
      '2020-01-02',
      "it's",
      '-',
      '#a',
      'null',
      '.5',
      'a\nb',
      '中 文',
      '\u2028',
    ])
      expect(parseMeta(formatMeta({ name }))).toEqual({ name });
  });

  it('reads back any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (name) => {
        expect(parseMeta(formatMeta({ name, x: null, n: 5 }))).toEqual({ name, x: null, n: 5 });
      }),
    );
  });

  it('reads forms that others write', () => {
    expect(parseMeta('# c\nname: "a\\tb"\nexperiment_id: 127793401018485928\ntags:\n- a\n- b\n')).toEqual({
      name: 'a\tb',
      experiment_id: '127793401018485928',
      tags: ['a', 'b'],
    });
    expect(parseMeta("name: 'one\n\n  two'\n")).toEqual({ name: 'one\ntwo' });
    expect(parseMeta('name: long text that\n  goes on\n')).toEqual({ name: 'long text that goes on' });
  });

  it('gives nothing for an empty or broken file', () => {
    expect(parseMeta('')).toBeUndefined();
    expect(parseMeta('name: [')).toBeUndefined();
    expect(parseMeta('- a\n')).toBeUndefined();
  });
});
