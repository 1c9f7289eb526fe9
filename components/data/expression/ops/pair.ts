import type { Arithmetic, Comparison, Mode } from '../../kernels/element.ts';
import { isScalar, type Operand, type PlanBuilder, type Value } from '../../plan/builder.ts';
import { ArgumentProblem, type Operator, type Parameter } from '../operator.ts';
import { floatText } from '../python-value.ts';
import type { Tree, Window } from '../tree.ts';
import { promoted, stored } from './convert.ts';

const operands: readonly Parameter[] = [
  { name: 'feature_left', kind: 'operand' },
  { name: 'feature_right', kind: 'operand' },
];

/** The larger window of both. */
export function widest(args: readonly Tree[], of: (tree: Tree) => Window): Window {
  const windows = args.map(of);
  return { left: Math.max(...windows.map((w) => w.left)), right: Math.max(...windows.map((w) => w.right)) };
}

function pairOperator(
  name: string,
  plan: (builder: PlanBuilder, left: Operand, right: Operand) => Value,
): Operator {
  return {
    name,
    parameters: operands,
    window: widest,
    plan: ([left, right], builder) => plan(builder, builder.operand(left), builder.operand(right)),
  };
}

/** The columns among two operands, brought to one storage, and the number beside a single one. */
function prepared(builder: PlanBuilder, left: Operand, right: Operand, as: 'f32' | 'f64') {
  const inputs = [left, right].filter((o): o is Value => !isScalar(o)).map((v) => stored(builder, v, as));
  const mode: Mode = isScalar(left) ? 'sv' : isScalar(right) ? 'vs' : 'vv';
  const number = isScalar(left) ? left.scalar : isScalar(right) ? right.scalar : 0;
  const scalar = as === 'f32' ? Math.fround(number) : number;
  return { inputs, mode, scalar, suffix: mode === 'vv' ? '' : ` ${mode} ${floatText(scalar)}` };
}

/** Adds `left op right` to the plan, with numpy's type of the result. */
export function arithmeticStep(builder: PlanBuilder, op: Arithmetic, left: Operand, right: Operand): Value {
  let dtype = promoted(left, right);
  let kernel = op;
  if (dtype === 'bool') {
    // numpy: + on conditions is "or", * is "and"; - is refused, / and ** count
    if (op === 'sub')
      throw new ArgumentProblem(-1, 'conditions cannot be subtracted', 'write (a) * 1 - (b) * 1');
    if (op === 'add') kernel = 'max';
    if (op === 'mul') kernel = 'min';
    if (op === 'pow') dtype = 'i64';
  }
  if (op === 'div' && dtype !== 'f32') dtype = 'f64';
  const as = dtype === 'f32' ? 'f32' : 'f64';
  const { inputs, mode, scalar, suffix } = prepared(builder, left, right, as);
  return builder.step({
    label: `${op}${suffix}`,
    inputs,
    dtype,
    pointwise: true,
    run: (k, n, ins, [out]) => {
      const x = mode === 'sv' ? 0 : ins[0]!;
      const y = mode === 'sv' ? ins[0]! : mode === 'vv' ? ins[1]! : 0;
      if (as === 'f32') k.arithmetic32(kernel, mode, x, y, scalar, out!, n);
      else k.arithmetic64(kernel, mode, x, y, scalar, out!, n);
    },
  });
}

function arithmetic(name: string, op: Arithmetic): Operator {
  return pairOperator(name, (builder, left, right) => arithmeticStep(builder, op, left, right));
}

function comparison(name: string, op: Comparison): Operator {
  return pairOperator(name, (builder, left, right) => {
    const as = promoted(left, right) === 'f32' ? 'f32' : 'f64';
    const { inputs, mode, scalar, suffix } = prepared(builder, left, right, as);
    return builder.step({
      label: `${op}${suffix}`,
      inputs,
      dtype: 'bool',
      pointwise: true,
      alignment: 'equal',
      run: (k, n, ins, [out]) => {
        const x = mode === 'sv' ? 0 : ins[0]!;
        const y = mode === 'sv' ? ins[0]! : mode === 'vv' ? ins[1]! : 0;
        if (as === 'f32') k.compare32(op, mode, x, y, scalar, out!, n);
        else k.compare64(op, mode, x, y, scalar, out!, n);
      },
    });
  });
}

function logical(name: 'And' | 'Or'): Operator {
  const and = name === 'And';
  return pairOperator(name, (builder, left, right) => {
    const isCondition = (o: Operand) => !isScalar(o) && (o.dtype === 'bool' || o.dtype === 'flag');
    const [condition, other] = isCondition(left) ? [left, right] : [right, left];
    if (!isCondition(condition) || (other === left && !isScalar(other) && !isCondition(other)))
      throw new ArgumentProblem(
        0,
        `${name} works on conditions such as $close > $open, not on numbers`,
        'a comparison beside & or | needs brackets: ($close > $open) & ($volume > 0)',
      );
    const base = condition as Value;
    if (isScalar(other)) {
      if (other.type === 'float')
        throw new ArgumentProblem(
          other === left ? 0 : 1,
          `${name} works on conditions, not on the number ${floatText(other.scalar)}`,
        );
      // Python's bitwise operation on True and an integer, taken as a condition
      if (and) return other.scalar % 2 !== 0 ? base : constant(builder, base, 0);
      return other.scalar !== 0 ? constant(builder, base, 1) : base;
    }
    return builder.step({
      label: name.toLowerCase(),
      inputs: [base, stored(builder, other, 'f64')],
      dtype: 'bool',
      pointwise: true,
      alignment: 'equal',
      run: (k, n, [x, y], [out]) => k.logic(and, x!, y!, out!, n),
    });
  });
}

function constant(builder: PlanBuilder, like: Value, value: 0 | 1): Value {
  return builder.step({
    label: `constant ${value}`,
    inputs: [like],
    dtype: 'bool',
    pointwise: true,
    run: (k, n, [x], [out]) => k.where64(x!, 0, value, 0, value, out!, n),
  });
}

/** Operators on each day of two columns, or of a column and a number. */
export const pairOperators: readonly Operator[] = [
  arithmetic('Power', 'pow'),
  arithmetic('Add', 'add'),
  arithmetic('Sub', 'sub'),
  arithmetic('Mul', 'mul'),
  arithmetic('Div', 'div'),
  arithmetic('Greater', 'max'),
  arithmetic('Less', 'min'),
  comparison('Gt', 'gt'),
  comparison('Ge', 'ge'),
  comparison('Lt', 'lt'),
  comparison('Le', 'le'),
  comparison('Eq', 'eq'),
  comparison('Ne', 'ne'),
  logical('And'),
  logical('Or'),
];
