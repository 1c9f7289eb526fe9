import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { expf, log1pf, logf } from '../../../../components/model/xgb/float-math.ts';

// glibc 2.36, x86-64: ctypes.CDLL('libm.so.6').expf and so on; the first four of each are not the nearest float32
const values = {
  expf: [
    [-13.137985229492188, 1.9689989585458534e-6],
    [47.27702713012695, 3.4052737129338896e20],
    [29.082897186279297, 4271120056320],
    [4.326411247253418, 75.67223358154297],
    [1, 2.7182817459106445],
    [33.739830017089844, 449802630332416],
  ],
  logf: [
    [0.9831202030181885, -0.017023885622620583],
    [3.559316396713257, 1.2695684432983398],
    [27.48294448852539, 3.313565492630005],
    [4.336528301239014, 1.4670740365982056],
    [1, 0],
    [33.739830017089844, 3.518679141998291],
  ],
  log1pf: [
    [1.513288140296936, 0.9215918779373169],
    [4.333926200866699, 1.6740875244140625],
    [2.785745620727539, 1.3312427997589111],
    [2.0474369525909424, 1.1143009662628174],
    [1, 0.6931471824645996],
    [33.739830017089844, 3.547886848449707],
  ],
} as const;
const ours = { expf, logf, log1pf };
const exact = { expf: Math.exp, logf: Math.log, log1pf: Math.log1p };
const ulp = (x: number) => 2 ** Math.max(-149, Math.floor(Math.log2(Math.abs(x))) - 23);

for (const name of ['expf', 'logf', 'log1pf'] as const)
  describe(name, () => {
    it("is glibc's to the bit", () => {
      for (const [x, y] of values[name]) expect(ours[name](x)).toBe(y);
    });

    it('is a float32 at most an ulp from the exact value', () => {
      fc.assert(
        fc.property(fc.float({ noNaN: true }), (x) => {
          const y = ours[name](x);
          const wanted = exact[name](x);
          expect(y).toBe(Math.fround(y));
          if (Number.isFinite(Math.fround(wanted)) && wanted !== 0)
            expect(Math.abs(y - wanted)).toBeLessThanOrEqual(ulp(wanted));
          else expect(y).toBe(Math.fround(wanted));
        }),
        { numRuns: 2000 },
      );
    });
  });
