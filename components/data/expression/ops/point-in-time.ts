import { ArgumentProblem, literal, numberOf, type Operator } from '../operator.ts';
import { noWindow, type Tree } from '../tree.ts';

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

/** The latest value known on each day. A folder without point-in-time data gives no rows; one with it is refused by the provider. */
export const pointInTimeOperators: readonly Operator[] = [
  {
    name: 'P',
    parameters: [{ name: 'feature', kind: 'series' }],
    check: ([feature]) => checkFields(feature!, 'P'),
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
      checkFields(args[0]!, 'PRef');
      if (literal(args, 1).type !== 'int')
        throw new ArgumentProblem(1, 'period of PRef must be an integer such as 202001');
    },
    window: () => noWindow,
    text: (args, of) => `PRef(${of(args[0]!)})[${of(args[1]!)}]`,
    plan: (args, builder) => builder.pointInTime(args[0]!, numberOf(args, 1)),
  },
];
