import { ArgumentProblem, literal, numberOf, type Operator } from '../operator.ts';
import { noWindow, type Tree, windowOf } from '../tree.ts';

function checkInside(tree: Tree, of: string): void {
  checkFields(tree, of);
  const { left, right } = windowOf(tree);
  if (right > 0) throw new ArgumentProblem(0, `${of} cannot read periods to come, which a negative Ref does`);
  if (left === Number.NEGATIVE_INFINITY)
    throw new ArgumentProblem(0, 'a Corr or Cov over all periods so far (N = 0) has no first one');
}

function checkFields(tree: Tree, of: string): void {
  if (tree.kind === 'field') {
    if (!tree.pit)
      throw new ArgumentProblem(
        0,
        `${of} reads point-in-time fields, written with "$$"`,
        `such as $$${tree.name}_q`,
      );
    if (!/_[qa]$/i.test(tree.name))
      throw new ArgumentProblem(
        0,
        `a point-in-time field ends in _q (quarterly) or _a (yearly), not "$$${tree.name}"`,
      );
  }
  if (tree.kind === 'call') for (const arg of tree.args) checkFields(arg, of);
}

/** The value of a point-in-time expression that was known on each day, of its last period or a given one: ../../point-in-time computes it. */
export const pointInTimeOperators: readonly Operator[] = [
  {
    name: 'P',
    parameters: [{ name: 'feature', kind: 'series' }],
    check: ([feature]) => checkInside(feature!, 'P'),
    window: () => noWindow,
    plan: (args, builder) => builder.pointInTime(args[0]!, null),
  },
  {
    name: 'PRef',
    parameters: [
      { name: 'feature', kind: 'series' },
      { name: 'period', kind: 'value' },
    ],
    check: (args) => {
      checkInside(args[0]!, 'PRef');
      if (literal(args, 1).type !== 'int')
        throw new ArgumentProblem(1, 'period of PRef must be an integer such as 202001');
    },
    window: () => noWindow,
    text: (args, of) => `PRef(${of(args[0]!)})[${of(args[1]!)}]`,
    plan: (args, builder) => builder.pointInTime(args[0]!, numberOf(args, 1)),
  },
];
