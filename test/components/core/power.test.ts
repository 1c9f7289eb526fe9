import { describe, expect, it } from 'vitest';
import { pow } from '../../../components/core/power.ts';

describe('pow', () => {
  // mpmath.power at 400 bits, rounded; V8 11 gives other last bits for most of them
  it.each([
    [1.0510225895780396, 1272.6925084065642, 3.202540525632699e27],
    [549.3463268859686, 1.2584099409081304, 2804.4630742837676],
    [58, 17, 9.512088681486842e29],
    [7.2933866101550375, 0.2222222222222222, 1.5551133596179494],
    [646.1241221693218, -0.8281110954312898, 0.004707021433536019],
    [1.3726248600968871, -7.779887172469371, 0.08508677176125438],
    [1.386707858450533, -1.32485967376628, 0.6484699116928984],
    [8.226129825205389e-239, -0.37312698004497924, 6.852737175753748e88],
    [0.9579377018280573, -2283.1757023302866, 4.076620110371384e42],
    [116.49554488353964, 0.13443810233704934, 1.8957920748904733],
    [414.39194358139486, -0.8175576385896139, 0.007246284740860661],
    [1.0656539962438591, -2472.305676588171, 5.299900419692121e-69],
  ])('gives the nearest number: %d to the power %d', (x, y, expected) => {
    expect(pow(x, y)).toBe(expected);
  });

  it("is C's where nothing is rounded", () => {
    const { NaN: nan, POSITIVE_INFINITY: infinity } = Number;
    expect([pow(1, nan), pow(nan, 0), pow(-1, infinity), pow(0, -3), pow(-0, -3)]).toEqual([
      1,
      1,
      1,
      infinity,
      -infinity,
    ]);
    expect([pow(-2, 0.5), pow(-2, 3), pow(-2, -2), pow(2, 1024), pow(2, -1074)]).toEqual([
      nan,
      -8,
      0.25,
      infinity,
      Number.MIN_VALUE,
    ]);
    expect(pow(29, 11)).toBe(12200509765705828);
  });
});
