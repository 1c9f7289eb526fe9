import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { likePattern } from '../../../../records/tracking/search/like.ts';

/** The same by a regular expression, which is right but may take for ever. */
function byExpression(pattern: string, text: string): boolean {
  const source = pattern
    .replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
    .replaceAll('%', '.*')
    .replaceAll('_', '.');
  return new RegExp(`^${source}$`, 'su').test(text);
}

describe('likePattern', () => {
  it('matches as a regular expression does', () => {
    const part = fc.constantFrom('a', 'b', '.', '%', '_', '😀', '[', '\n');
    const texts = fc.array(part, { maxLength: 8 }).map((parts) => parts.join(''));
    fc.assert(
      fc.property(texts, texts, (pattern, text) => {
        expect(likePattern(pattern, false).test(text)).toBe(byExpression(pattern, text));
      }),
      { numRuns: 2000, seed: 3 },
    );
  });

  it('ignores case where asked', () => {
    expect(likePattern('LGB%', true).test('lgb Two')).toBe(true);
    expect(likePattern('LGB%', false).test('lgb Two')).toBe(false);
  });

  it('takes a hostile pattern in its stride', () => {
    expect(likePattern(`${'a%'.repeat(100)}b`, false).test('a'.repeat(20_000))).toBe(false);
  });
});
