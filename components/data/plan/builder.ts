import { ArgumentProblem } from '../expression/operator.ts';
import { pythonNumber } from '../expression/python-value.ts';
import { type Tree, treeText } from '../expression/tree.ts';
import type { Kernels, Pointer } from '../kernels/kernels.ts';
import type { Alignment, DType, Range, Source, Step, Trim, Use, Value } from './step.ts';

export type { DType, Value } from './step.ts';

/** A number among the operands of an operator, with Python's type of it. */
export interface Scalar {
  readonly scalar: number;
  readonly type: 'int' | 'float' | 'bool';
}
export type Operand = Value | Scalar;

export function isScalar(operand: Operand): operand is Scalar {
  return 'scalar' in operand;
}

export type Run = Step['run'];

export interface StepOptions {
  /** Names the computation with all its constants; equal steps are done once. */
  readonly label: string;
  readonly inputs: readonly Value[];
  readonly dtype: DType;
  /** Of the kernel itself; the result is pointwise where all inputs are as well. */
  readonly pointwise?: boolean;
  readonly alignment?: Alignment;
  readonly trim?: Trim;
  readonly run: Run;
}

export interface FusedOptions {
  /** Names the window and its constants, without the output. */
  readonly label: string;
  readonly input: Value;
  /** The output that is asked for, in the step's own terms. */
  readonly output: string;
  /** See `Step`. */
  readonly varianceOver?: number | null;
  /** Gets the names of the outputs that are wanted and their pointers, in the same order. */
  readonly run: (kernels: Kernels, n: number, input: Pointer, outputs: FusedOutputs, work: Pointer) => void;
}

export interface FusedOutputs {
  readonly names: readonly string[];
  readonly pointers: readonly Pointer[];
}

/** Pointer of a named output; 0 where it is not wanted. */
export function pointerOf({ names, pointers }: FusedOutputs, name: string): Pointer {
  return pointers[names.indexOf(name)] ?? 0;
}

/**
 * Turns expressions into steps, each distinct one once. A step that looks at other days is kept apart by the days that its expression loads,
 * because what a window has seen before shows in its rounding; pointwise steps are shared by all.
 */
export class PlanBuilder {
  readonly steps: Step[] = [];
  readonly #known = new Map<string, Step>();
  #query: Range = { from: 0, to: 0 };
  #instrument: string | null = null;
  #expression = '';
  #values = 0;

  /** `periods`: of point-in-time fields in place of days, for the inside of a P. */
  constructor(readonly rows: 'days' | 'periods' = 'days') {}

  /** Plans a whole expression that loads the calendar days `query`. */
  expression(tree: Tree, text: string, query: Range): Value {
    this.#query = query;
    this.#expression = text;
    return this.series(tree);
  }

  /** Plans an argument that is an expression. */
  series(tree: Tree | undefined): Value {
    if (!tree || tree.kind === 'literal')
      throw new Error('a constant where the parser lets expressions pass only');
    if (tree.kind === 'call') {
      try {
        return tree.operator.plan(tree.args, this);
      } catch (error) {
        if (error instanceof ArgumentProblem && error.index >= -1)
          throw new PlacedProblem(tree.at.from, error.problem, error.hint);
        throw error;
      }
    }
    if (tree.pit && this.rows === 'days')
      throw new PlacedProblem(
        tree.at.from,
        'a point-in-time field has several values a day',
        `write P($$${tree.name}) for the latest one`,
      );
    return this.#load({ field: tree.name.toLowerCase(), instrument: this.#instrument, pit: null });
  }

  /** Plans an argument that may be a number. */
  operand(tree: Tree | undefined): Operand {
    if (tree?.kind !== 'literal') return this.series(tree);
    const { type } = tree.value;
    const scalar = pythonNumber(tree.value);
    if (scalar === undefined || type === 'text' || type === 'none')
      throw new Error('the parser lets numbers pass only');
    return { scalar, type };
  }

  /** Plans an argument on another instrument's data. */
  onInstrument(instrument: string, tree: Tree | undefined): Value {
    const before = this.#instrument;
    this.#instrument = instrument;
    try {
      return this.series(tree);
    } finally {
      this.#instrument = before;
    }
  }

  /** The value of a point-in-time expression that is known on each day; null is the latest period. */
  pointInTime(tree: Tree, period: number | null): Value {
    const field = `${treeText(tree)}${period === null ? '' : `[${period}]`}`;
    return this.#load({ field, instrument: this.#instrument, pit: { tree, period } });
  }

  step({ label, inputs, dtype, pointwise = false, alignment = 'union', trim, run }: StepOptions): Value {
    const shared = pointwise && inputs.every((v) => v.pointwise);
    const key = this.#key(label, inputs, shared);
    const known = this.#known.get(key);
    if (known) return known.outputs[0]!;
    const made = {
      key,
      label,
      inputs: this.#uses(inputs, shared),
      alignment,
      trim: trim ?? null,
      source: null,
      varianceOver: null,
      run,
    };
    return this.#add(made, dtype, shared, '');
  }

  /** A step with several outputs over one input; the first call makes it, later ones add outputs. All are f64. */
  fused({ label, input, output, varianceOver = null, run }: FusedOptions): Value {
    const key = this.#key(label, [input], false);
    const known = this.#known.get(key);
    if (known) {
      const at = known.names.indexOf(output);
      return at >= 0 ? known.outputs[at]! : this.#output(known, 'f64', false, output);
    }
    const names: string[] = [];
    const call: Run = (kernels, n, inputs, outputs, work) =>
      run(kernels, n, inputs[0]!, { names, pointers: outputs }, work);
    const made = {
      key,
      label,
      inputs: this.#uses([input], false),
      alignment: 'union' as const,
      trim: null,
      source: null,
      varianceOver,
    };
    return this.#add({ ...made, names, run: call }, 'f64', false, output);
  }

  #load(source: Source): Value {
    const label = `load ${source.pit ? 'P ' : '$'}${source.field}${source.instrument === null ? '' : ` of ${source.instrument}`}`;
    const known = this.#known.get(label);
    if (known) return known.outputs[0]!;
    const made = {
      key: label,
      label,
      inputs: [],
      alignment: 'union' as const,
      trim: null,
      source,
      varianceOver: null,
      run: () => {},
    };
    return this.#add(made, this.rows === 'days' ? 'f32' : 'f64', true, '');
  }

  #key(label: string, inputs: readonly Value[], shared: boolean): string {
    const days = shared ? '' : `@${this.#query.from}:${this.#query.to}`;
    return `${label}(${inputs.map((v) => v.id).join(',')})${days}`;
  }

  #uses(inputs: readonly Value[], shared: boolean): Use[] {
    return inputs.map((value) => ({ value, clip: value.pointwise && !shared ? this.#query : null }));
  }

  #add(
    made: Omit<Step, 'outputs' | 'names' | 'expression'> & { readonly names?: string[] },
    dtype: DType,
    pointwise: boolean,
    name: string,
  ): Value {
    const step: Step = { ...made, outputs: [], names: made.names ?? [], expression: this.#expression };
    this.steps.push(step);
    this.#known.set(step.key, step);
    return this.#output(step, dtype, pointwise, name);
  }

  #output(step: Step, dtype: DType, pointwise: boolean, name: string): Value {
    const value: Value = { id: this.#values++, dtype, pointwise, step };
    step.outputs.push(value);
    step.names.push(name);
    return value;
  }
}

/** A problem with its place in the expression. */
export class PlacedProblem extends Error {
  constructor(
    readonly at: number,
    readonly problem: string,
    readonly hint?: string,
  ) {
    super(problem);
  }
}
