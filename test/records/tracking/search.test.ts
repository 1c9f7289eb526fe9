import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TrackingError } from '../../../records/tracking/errors.ts';
import { runGrammar } from '../../../records/tracking/search/grammar.ts';
import { parseFilter } from '../../../records/tracking/search/parse-filter.ts';
import { parseOrder } from '../../../records/tracking/search/parse-order.ts';
import { searchRuns } from '../../../records/tracking/search/search.ts';
import { compareText } from '../../../records/tracking/search/sort.ts';
import type { SearchableRun } from '../../../records/tracking/search/values.ts';

const parse = (text: string) => parseFilter(text, runGrammar);

function messageOf(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    if (error instanceof TrackingError) return error.message;
    throw error;
  }
  return 'no error';
}

describe('parseFilter', () => {
  it('reads keys with and without quotes, dots and slashes', () => {
    expect(
      parse(
        'metrics.1day.excess_return.mean > -1e-3 AND params."a b" = \'x\' and tags.`mlflow.note` LIKE "%y_"',
      ),
    ).toEqual([
      { key: { entity: 'metric', name: '1day.excess_return.mean' }, comparison: '>', value: -0.001 },
      { key: { entity: 'param', name: 'a b' }, comparison: '=', value: 'x' },
      { key: { entity: 'tag', name: 'mlflow.note' }, comparison: 'LIKE', value: '%y_' },
    ]);
    expect(parse('metric.l2/valid<=.5')).toEqual([
      { key: { entity: 'metric', name: 'l2/valid' }, comparison: '<=', value: 0.5 },
    ]);
  });

  it('takes a key without an entity for an attribute, and knows the aliases', () => {
    expect(parse("status = 'FINISHED' AND Created > 5 AND `Run name` != 'x'").map((c) => c.key)).toEqual([
      { entity: 'attribute', name: 'status' },
      { entity: 'attribute', name: 'start_time' },
      { entity: 'attribute', name: 'run_name' },
    ]);
  });

  it('reads lists, null tests, empty filters and a trailing AND', () => {
    expect(
      parse('run_id NOT  IN (\'a\', "b") AND params.x IS NOT NULL AND tags.y is null AND'),
    ).toMatchObject([
      { comparison: 'NOT IN', value: ['a', 'b'] },
      { comparison: 'IS NOT NULL', value: null },
      { comparison: 'IS NULL', value: null },
    ]);
    expect(parse('  ')).toEqual([]);
  });

  it('keeps AND and other quotes in a text', () => {
    expect(parse(`params.a = "it's a AND b"`)).toMatchObject([{ value: "it's a AND b" }]);
  });

  it('points at what is wrong', () => {
    expect(messageOf(() => parse('metricz.a > 1'))).toBe(
      'search filter, character 1: unknown entity "metricz"\n  metricz.a > 1\n  ^ did you mean "metric"? allowed: metric, metrics, param, params, parameter, parameters, tag, tags, attribute, attributes, attr, run, dataset, datasets',
    );
    expect(messageOf(() => parse('metrics.a > 1 OR metrics.b > 2'))).toBe(
      'search filter, character 15: expected AND, found "OR"\n  metrics.a > 1 OR metrics.b > 2\n                ^ parts are joined by AND; there is no OR, NOT or bracket around them',
    );
    expect(messageOf(() => parse("metrics.a > '1'"))).toContain(
      'character 13: expected a number, found "\'1\'"',
    );
    expect(messageOf(() => parse("params.a > '1'"))).toContain('character 10: > does not compare param "a"');
    expect(messageOf(() => parse('params.a = 1'))).toContain(
      'character 12: expected a text in quotes, found "1"',
    );
    expect(messageOf(() => parse("params.a = 'x"))).toContain("character 12: the quote ' is never closed");
    expect(messageOf(() => parse("statsu = 'x'"))).toContain('unknown attribute "statsu"');
    expect(messageOf(() => parse('run_id IN ()'))).toContain('expected a text in quotes, found ")"');
    expect(messageOf(() => parse('nonsense'))).toContain('unknown attribute "nonsense"');
    expect(messageOf(() => parse("(params.a = 'x')"))).toContain('character 1: expected a key');
  });

  it('never fails otherwise than with a TrackingError', () => {
    const pieces = fc.constantFrom(
      'metrics.a',
      'params."b c"',
      '=',
      '!=',
      'LIKE',
      "'x'",
      '1',
      'AND',
      '(',
      ')',
      ',',
      '`',
      '"',
      ' ',
      '.',
      'IN',
      'é',
      '\0',
    );
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 12 }), (parts) => {
        messageOf(() => parse(parts.join(' ')));
        messageOf(() => parse(parts.join('')));
      }),
    );
  });
});

function run(
  id: string,
  metrics: Record<string, number>,
  params: Record<string, string> = {},
  startTime = 0,
): SearchableRun {
  return {
    info: {
      runId: id,
      runName: id,
      experimentId: '1',
      userId: 'u',
      status: 'FINISHED',
      startTime,
      endTime: null,
      artifactUri: '',
      lifecycleStage: 'active',
    },
    metric: (key) => metrics[key],
    param: (key) => params[key],
    tag: () => undefined,
    datasets: () => [{ name: 'd', digest: '1', context: id === 'a' ? 'train' : null }],
  };
}

describe('searchRuns', () => {
  const runs = [
    run('a', { m: 2 }, { p: 'x' }, 1),
    run('b', { m: Number.NaN }, {}, 2),
    run('c', {}, { p: 'Y%' }, 3),
    run('d', { m: Number.POSITIVE_INFINITY }, { p: 'xx' }, 4),
    run('e', { m: -1 }, {}, 4),
  ];
  const ids = (options: Parameters<typeof searchRuns>[1]) =>
    searchRuns(() => runs, options).items.map((r) => r.info.runId);

  it('lists the newest first, equals by id', () => {
    expect(ids({})).toEqual(['d', 'e', 'c', 'b', 'a']);
  });

  it('puts NaN behind numbers and what is missing last, in both directions', () => {
    expect(ids({ orderBy: ['metrics.m'] })).toEqual(['e', 'a', 'd', 'b', 'c']);
    expect(ids({ orderBy: ['metrics.m DESC'] })).toEqual(['d', 'a', 'e', 'b', 'c']);
  });

  it('matches nothing that lacks the key; NaN matches != alone', () => {
    // as MLflow 3.17.2 answers: node test/parity/random_searches.mjs PYTHON
    expect(ids({ filter: 'metrics.m != 2' })).toEqual(['d', 'e', 'b']);
    expect(ids({ filter: 'metrics.m = 0' })).toEqual([]);
    expect(ids({ filter: "params.p != 'x'" })).toEqual(['d', 'c']);
    expect(ids({ filter: 'params.p IS NULL' })).toEqual(['e', 'b']);
  });

  it('compares with LIKE as SQL does', () => {
    expect(ids({ filter: "params.p LIKE 'x%'" })).toEqual(['d', 'a']);
    expect(ids({ filter: "params.p LIKE 'y%'" })).toEqual([]);
    expect(ids({ filter: "params.p ILIKE 'y_'" })).toEqual(['c']);
    expect(ids({ filter: "params.p LIKE '.'" })).toEqual([]);
    expect(ids({ filter: "run_id IN ('a', 'c')" })).toEqual(['c', 'a']);
    expect(ids({ filter: "dataset.context = 'train'" })).toEqual(['a']);
  });

  it('gives pages that add up', () => {
    const seen: string[] = [];
    let pageToken: string | undefined;
    do {
      const page = searchRuns(() => runs, { maxResults: 2, pageToken });
      seen.push(...page.items.map((r) => r.info.runId));
      pageToken = page.nextPageToken ?? undefined;
    } while (pageToken);
    expect(seen).toEqual(['d', 'e', 'c', 'b', 'a']);
  });

  it('refuses sizes and tokens that are none', () => {
    expect(messageOf(() => ids({ maxResults: 0 }))).toBe(
      'max_results is 0\n  a whole number from 1 to 50000 is allowed',
    );
    expect(messageOf(() => ids({ maxResults: 100_000 }))).toContain('max_results is 100000');
    expect(messageOf(() => ids({ pageToken: 'x' }))).toBe(
      'invalid page token "x"\n  take it from the page before',
    );
  });
});

describe('parseOrder', () => {
  it('reads key and direction', () => {
    expect(parseOrder('metrics.`a b` desc', runGrammar)).toEqual({
      key: { entity: 'metric', name: 'a b' },
      ascending: false,
    });
    expect(parseOrder('created', runGrammar)).toEqual({
      key: { entity: 'attribute', name: 'start_time' },
      ascending: true,
    });
  });

  it('points at what is wrong', () => {
    expect(messageOf(() => parseOrder('metrics.a DOWN', runGrammar))).toContain(
      'character 11: expected ASC, DESC or the end, found "DOWN"',
    );
    expect(messageOf(() => parseOrder('lifecycle_stage', runGrammar))).toContain(
      'unknown attribute "lifecycle_stage"',
    );
  });
});

describe('compareText', () => {
  it('orders by code point, as Python does', () => {
    // python: sorted(['\U0001F600', '\uFFFD', 'a', 'ab', ''])
    expect(['😀', '\uFFFD', 'a', 'ab', ''].sort(compareText)).toEqual(['', 'a', 'ab', '\uFFFD', '😀']);
  });
});
