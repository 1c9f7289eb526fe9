import type { OperatorArgument, UserOperator } from 'qrun';

/** `Drawdown(x, N)`: how far x stands below its highest value of the last N rows, as a share: 0 at a new high, -0.1 ten percent below. */
export class Drawdown implements UserOperator {
  readonly parameters = [
    { name: 'feature', kind: 'series' },
    { name: 'N', kind: 'value' },
  ] as const;

  window([, rows]: readonly unknown[]) {
    if (!(Number.isInteger(rows) && Number(rows) > 0)) throw new Error('N must be a whole number from 1 on');
    return { left: Number(rows) - 1 };
  }

  compute([feature, rows]: readonly OperatorArgument[], out: Float64Array) {
    const x = feature as Float64Array;
    for (let i = 0; i < x.length; i++) {
      let high = Number.NaN;
      for (let k = Math.max(0, i - Number(rows) + 1); k <= i; k++) if (!(x[k]! <= high)) high = x[k]!;
      out[i] = x[i]! / high - 1;
    }
    return undefined;
  }
}

/** `UpDays(x, N)`: how many of the last N rows were higher than the row before them. An object will do as well as a class. */
export const UpDays: UserOperator = {
  parameters: [
    { name: 'feature', kind: 'series' },
    { name: 'N', kind: 'value' },
  ],
  window: ([, rows]) => ({ left: Number(rows) }),
  compute: ([feature, rows]) => {
    const x = feature as Float64Array;
    return x.map((_, i) => {
      let count = 0;
      for (let k = Math.max(1, i - Number(rows) + 1); k <= i; k++) if (x[k]! > x[k - 1]!) count++;
      return count;
    });
  },
};
