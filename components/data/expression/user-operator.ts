import { UserError } from '../../core/errors.ts';
import type { Operand } from '../plan/builder.ts';
import { isScalar } from '../plan/builder.ts';
import { ArgumentProblem, type Operator, type Parameter } from './operator.ts';
import { stored } from './ops/convert.ts';
import type { Tree } from './tree.ts';

/** A constant in an expression: Python's None is null. */
export type Constant = number | string | boolean | null;

/** An argument of a user's operator: a column with a value a row for `series` and `operand`, the constant itself for `value`. */
export type OperatorArgument = Float64Array | Constant;

/**
 * An operator of a user's own, or a class whose instances are one: what qlib's subclasses of `ExpressionOps` are. It computes a column of one
 * instrument from columns of the same rows, one row a trading time, oldest first, NaN where there is none.
 */
export interface UserOperator {
  /** `series`: an expression; `operand`: an expression or a number, which becomes a column; `value`: a constant. */
  readonly parameters: readonly Parameter[];
  /** Rows before and after its own that a result is made of, by the constants (null in place of columns). Default: none. */
  window?(constants: readonly Constant[]): { readonly left?: number; readonly right?: number };
  /** Fills `out`, which holds NaN before, or returns a column as long. The columns of `args` are copies. Must not keep state between calls. */
  compute(args: readonly OperatorArgument[], out: Float64Array): ArrayLike<number> | undefined;
}

/** A user's operator has thrown, or made something that is no column. */
export class OperatorFailure extends Error {
  constructor(
    readonly operator: string,
    readonly file: string,
    reason: string,
  ) {
    super(reason);
  }
}

/** Columns that the evaluator can align at once. */
const mostColumns = 6;
const kinds = ['series', 'operand', 'value'];

/**
 * What the parser and the planner know of a user's operator. `id` tells its code from any other in the labels of steps.
 * @throws UserError for an export that is no operator
 */
export function operatorOf(name: string, exported: unknown, file: string, id: string): Operator {
  const user = checked(name, typeof exported === 'function' ? made(name, exported, file) : exported, file);
  const { parameters } = user;
  const own = (args: readonly Tree[]) => windowOf(name, user, args.map(constantOf));
  return {
    name,
    parameters,
    check: (args) => void own(args),
    window: (args, of) => {
      const inner = args.filter((arg) => arg.kind !== 'literal').map(of);
      const { left, right } = own(args);
      return {
        left: left + Math.max(0, ...inner.map((w) => w.left)),
        right: right + Math.max(0, ...inner.map((w) => w.right)),
      };
    },
    plan: (args, builder) => {
      const operands = parameters.map(({ kind }, i): Operand | null =>
        kind === 'value' ? null : builder.operand(args[i]),
      );
      const inputs = operands.flatMap((x) => (x && !isScalar(x) ? [stored(builder, x, 'f64')] : []));
      const constants = args.map(constantOf);
      return builder.step({
        label: `${name} ${JSON.stringify(constants)} of ${id}`,
        inputs,
        dtype: 'f64',
        run: (kernels, n, pointers, [out]) => {
          let next = 0;
          const given = operands.map((x, i): OperatorArgument => {
            if (x === null) return constants[i]!;
            if (isScalar(x)) return new Float64Array(n).fill(x.scalar);
            return new Float64Array(kernels.buffer, pointers[next++]!, n).slice();
          });
          run(name, user, file, given, new Float64Array(kernels.buffer, out!, n));
        },
      });
    },
  };
}

function run(
  name: string,
  user: UserOperator,
  file: string,
  args: readonly OperatorArgument[],
  out: Float64Array,
) {
  out.fill(Number.NaN);
  let result: unknown;
  try {
    result = user.compute(args, out);
  } catch (error) {
    throw new OperatorFailure(name, file, error instanceof Error ? error.message : String(error));
  }
  if (result === undefined || result === out) return;
  if (!(Array.isArray(result) || ArrayBuffer.isView(result)))
    throw new OperatorFailure(name, file, 'it returned no column: fill "out", or return an array of numbers');
  const column = result as ArrayLike<number>;
  if (column.length !== out.length)
    throw new OperatorFailure(name, file, `it returned ${column.length} values for ${out.length} rows`);
  for (let i = 0; i < out.length; i++) out[i] = Number(column[i]);
}

function made(name: string, exported: unknown, file: string): unknown {
  try {
    return new (exported as new () => unknown)();
  } catch (error) {
    throw new UserError(
      `${name} of ${file} cannot be made: ${error instanceof Error ? error.message : error}`,
      {
        hint: 'an operator is an object, or a class whose constructor takes nothing',
      },
    );
  }
}

function checked(name: string, value: unknown, file: string): UserOperator {
  const wrong = (problem: string) =>
    new UserError(`${name} of ${file} is no operator: ${problem}`, {
      hint: 'an operator has "parameters" ([{name, kind}]), "compute(args, out)" and, if it looks at other rows, "window(constants)"',
    });
  if (typeof value !== 'object' || value === null) throw wrong('it is neither an object nor a class');
  const user = value as Partial<UserOperator>;
  if (typeof user.compute !== 'function') throw wrong('it has no method "compute"');
  if (user.window !== undefined && typeof user.window !== 'function') throw wrong('"window" is no method');
  const { parameters } = user;
  if (!Array.isArray(parameters)) throw wrong('it has no list "parameters"');
  parameters.forEach((parameter: Partial<Parameter> | null, i) => {
    if (typeof parameter?.name !== 'string' || !/^[\p{L}_][\p{L}\p{N}_]*$/u.test(parameter.name))
      throw wrong(`parameter ${i} has no name`);
    if (!kinds.includes(String(parameter.kind)))
      throw wrong(`the kind of ${parameter.name} must be ${kinds.join(', ')}`);
  });
  const columns = parameters.filter(({ kind }) => kind !== 'value').length;
  if (!parameters.some(({ kind }) => kind === 'series')) throw wrong('no parameter is of kind "series"');
  if (columns > mostColumns) throw wrong(`${columns} parameters are columns, ${mostColumns} are possible`);
  return user as UserOperator;
}

function windowOf(name: string, user: UserOperator, constants: readonly Constant[]) {
  let given: { readonly left?: number; readonly right?: number } | undefined;
  try {
    given = user.window?.(constants);
  } catch (error) {
    throw new ArgumentProblem(
      -1,
      `${name} refuses its arguments: ${error instanceof Error ? error.message : error}`,
    );
  }
  const { left = 0, right = 0 } = given ?? {};
  for (const rows of [left, right])
    if (!(Number.isSafeInteger(rows) && rows >= 0))
      throw new ArgumentProblem(
        -1,
        `the window of ${name} must be whole numbers of rows from 0 on, not ${rows}`,
      );
  return { left, right };
}

function constantOf(tree: Tree): Constant {
  if (tree.kind !== 'literal' || tree.value.type === 'none') return null;
  return tree.value.value;
}
