import { describe, expect, it } from 'vitest';
import { hashOfText } from '../../../components/core/python-hash.ts';

const hex = (x: number) => x.toString(16).padStart(8, '0');

describe('hashOfText', () => {
  // PYTHONHASHSEED=0 python3.11: f"{hash(text) & (2**64 - 1):016x}"
  it.each([
    ['SH600000', '95b0a8fdd1cfa9d4'],
    ['AAPL', '55e9ff598037ae12'],
    ['é1', 'dab113db766ff02f'],
    ['株式', '9126691f26fe44ec'],
    ['😀a', '14c1e85d713e86b8'],
    ['', '0000000000000000'],
    ['x'.repeat(40), '1ff91b165bb0419b'],
  ])('is that of a Python without salt: %s', (text, expected) => {
    const { high, low } = hashOfText(text);
    expect(hex(high) + hex(low)).toBe(expected);
  });
});
