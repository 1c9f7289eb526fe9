import { describe, expect, it } from 'vitest';
import { runGrammar } from '../../../records/tracking/search/grammar.ts';
import { parseFilter } from '../../../records/tracking/search/parse-filter.ts';
import { completions, writtenKey } from '../../../runner/ui/parts/completions.ts';

const keys = ['metrics.IC', 'metrics.Rank IC', 'metrics.l2.train', 'params.model.class', 'tags.a/b'];
const at = (text: string) => completions(text, text.length, keys);

describe('completions', () => {
  it('offers keys at the beginning of a part, and what is found within them after', () => {
    expect(at('metrics.I')).toEqual({ from: 0, items: ['metrics.IC'] });
    expect(at('rank').items).toEqual(['metrics.`Rank IC`']);
    expect(at("params.x = 'a' AND met")).toEqual({
      from: 19,
      items: ['metrics.IC', 'metrics.`Rank IC`', 'metrics.l2.train'],
    });
  });

  it('offers comparisons behind a key', () => {
    expect(at('metrics.IC ').items).toEqual(['>', '>=', '<', '<=', '=', '!=']);
    expect(at('params.`model.class` L').items).toEqual(['LIKE']);
  });

  it('offers AND behind a value, nothing within one', () => {
    expect(at('metrics.IC > 0.3 ').items).toEqual(['AND']);
    expect(at("params.x = 'met").items).toEqual([]);
  });

  it('writes keys that the search language reads', () => {
    for (const key of keys) {
      const [clause] = parseFilter(
        `${writtenKey(key)} = ${key.startsWith('metrics') ? '1' : "'1'"}`,
        runGrammar,
      );
      expect(clause?.key.name).toBe(key.slice(key.indexOf('.') + 1));
    }
  });
});
