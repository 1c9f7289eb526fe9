import { isScalar, type Operand, type Value } from '../../plan/builder.ts';
import type { Operator } from '../operator.ts';
import { floatText } from '../python-value.ts';
import { promoted, stored } from './convert.ts';
import { widest } from './pair.ts';

/** `If(condition, a, b)`: np.where, whose condition counts NaN and every number but 0 as true. */
export const conditionOperators: readonly Operator[] = [
  {
    name: 'If',
    parameters: [
      { name: 'condition', kind: 'series' },
      { name: 'feature_left', kind: 'operand' },
      { name: 'feature_right', kind: 'operand' },
    ],
    window: widest,
    plan: ([condition, left, right], builder) => {
      const test = stored(builder, builder.series(condition), 'f64');
      const a = builder.operand(left);
      const b = builder.operand(right);
      const dtype =
        isScalar(a) && isScalar(b)
          ? a.type === 'float' || b.type === 'float'
            ? 'f64'
            : a.type === 'bool' && b.type === 'bool'
              ? 'bool'
              : 'i64'
          : promoted(a, b);
      const as = dtype === 'f32' ? 'f32' : 'f64';
      const inputs: Value[] = [test];
      const place = (o: Operand) => (isScalar(o) ? 0 : inputs.push(stored(builder, o, as)) - 1);
      const [atA, atB] = [place(a), place(b)];
      const number = (o: Operand) => (!isScalar(o) ? 0 : as === 'f32' ? Math.fround(o.scalar) : o.scalar);
      const [numberA, numberB] = [number(a), number(b)];
      const shown = (o: Operand) => (isScalar(o) ? floatText(o.scalar) : 'x');
      return builder.step({
        label: `where ${dtype} ${shown(a)} ${shown(b)}`,
        inputs,
        dtype,
        pointwise: true,
        alignment: 'equal',
        run: (k, n, ins, [out]) => {
          const x = atA ? ins[atA]! : 0;
          const y = atB ? ins[atB]! : 0;
          if (as === 'f32') k.where32(ins[0]!, x, numberA, y, numberB, out!, n);
          else k.where64(ins[0]!, x, numberA, y, numberB, out!, n);
        },
      });
    },
  },
];
