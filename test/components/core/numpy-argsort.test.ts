import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { numpyArgsort } from '../../../components/core/numpy-argsort.ts';

// numpy 1.26.4 on a CPU with AVX-512: np.argsort([(i*i*31+i*17)%97%k for i in range(n)] as float64, kind='quicksort')
const cases = [
  { n: 5, k: 2, order: '0 1 2 3 4' },
  {
    n: 40,
    k: 3,
    order:
      '0 1 3 5 6 14 10 9 12 27 31 23 20 21 17 16 28 25 34 39 36 37 32 11 22 24 33 26 4 2 13 15 35 29 30 18 7 8 19 38',
  },
  {
    n: 90,
    k: 2,
    order:
      '0 1 5 6 7 16 75 77 78 79 18 19 21 22 24 67 70 25 26 30 31 32 57 59 64 36 37 38 39 40 51 55 56 41 43 44 46 47 48 83 86 87 88 11 12 13 15 9 10 14 89 81 82 84 85 42 45 49 50 52 53 54 33 34 35 58 60 61 62 63 27 28 29 65 66 68 69 71 72 17 20 23 73 74 76 8 2 3 4 80',
  },
  {
    n: 150,
    k: 4,
    order:
      '0 1 145 12 13 138 19 21 22 24 25 75 77 78 86 32 129 36 102 91 93 97 98 37 41 115 116 118 119 121 122 43 47 48 112 113 59 64 67 70 56 57 109 110 15 16 18 133 134 87 5 140 144 89 9 10 142 14 17 132 54 58 107 111 114 61 45 49 53 117 120 73 99 106 27 28 124 125 35 76 80 81 85 20 23 146 2 141 143 7 6 79 90 88 83 94 104 96 95 103 135 137 136 31 30 26 148 11 123 127 128 38 39 40 46 55 44 51 108 65 63 62 60 74 72 71 69 68 105 100 101 8 84 82 92 147 139 4 126 66 42 52 50 131 34 33 130 29 149 3',
  },
  {
    n: 300,
    k: 5,
    order:
      '291 37 39 41 281 282 283 287 289 45 46 47 267 269 270 28 155 156 158 159 231 233 235 239 240 241 252 142 143 144 190 192 194 134 136 138 253 255 256 72 73 75 76 184 185 186 169 170 172 173 87 88 89 93 95 97 113 118 125 203 210 215 222 106 266 58 59 61 62 9 16 21 0 224 104 99 196 201 30 35 261 127 164 67 229 236 7 150 244 247 92 178 181 132 139 147 189 81 84 298 286 2 293 42 275 278 50 53 276 48 52 54 284 44 216 187 77 80 82 86 257 68 71 141 145 168 174 177 179 183 149 242 246 248 251 238 151 154 160 163 12 15 22 25 57 63 66 206 209 119 122 165 90 260 262 265 271 274 219 109 112 280 245 108 123 121 117 116 74 254 259 126 110 171 249 166 176 180 230 133 60 223 211 207 205 218 214 213 212 202 195 98 220 105 79 83 115 114 69 24 51 292 19 18 17 36 13 26 65 20 29 263 273 268 277 299 1 8 11 157 152 55 162 148 3 243 296 96 94 228 297 232 200 294 199 234 198 64 295 85 49 91 78 4 43 100 40 237 38 250 70 56 258 14 191 188 137 135 146 140 153 161 10 6 5 193 27 23 34 33 32 31 264 272 279 290 288 285 208 204 217 227 226 225 221 107 103 102 101 197 111 120 131 130 129 128 124 167 175 182',
  },
];
// the same of [1.0 if i%7==3 else 0.0 for i in range(120)]
const mostlyEqual =
  '71 86 85 84 83 82 81 79 78 77 76 75 74 72 88 70 69 68 67 65 64 63 62 61 0 58 57 56 104 119 118 117 116 114 113 112 111 110 109 107 106 105 60 103 102 100 99 98 97 96 95 93 92 91 90 89 15 30 29 55 27 26 25 23 22 21 20 19 18 16 28 14 13 12 11 9 8 7 6 5 4 2 1 54 47 48 46 49 44 43 32 50 42 41 51 40 39 37 36 35 53 34 33 52 115 59 3 101 10 108 66 45 17 73 94 38 24 80 87 31';

describe('numpyArgsort', () => {
  it.each(cases)("leaves ties of $n values in numpy's order", ({ n, k, order }) => {
    const values = Array.from({ length: n }, (_, i) => ((i * i * 31 + i * 17) % 97) % k);
    expect(numpyArgsort(values).join(' ')).toBe(order);
  });

  it('does so too where most values are the smallest', () => {
    const values = Array.from({ length: 120 }, (_, i) => (i % 7 === 3 ? 1 : 0));
    expect(numpyArgsort(values).join(' ')).toBe(mostlyEqual);
  });

  it('sorts any values', () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof(fc.integer({ min: 0, max: 5 }), fc.double({ noNaN: true })), { maxLength: 700 }),
        (values) => {
          const order = numpyArgsort(values);
          expect(new Set(order).size).toBe(values.length);
          for (let i = 1; i < order.length; i++)
            expect(values[order[i - 1]!]! <= values[order[i]!]!).toBe(true);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('leaves the highest in the same order where only they are asked for', () => {
    const values = fc.array(fc.oneof(fc.nat(9), fc.double({ noNaN: true })), { maxLength: 700 });
    fc.assert(
      fc.property(values, fc.nat(700), (list, from) => {
        expect(numpyArgsort(list, from).slice(from)).toEqual(numpyArgsort(list).slice(from));
      }),
    );
  });
});
