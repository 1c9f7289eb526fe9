import { ArgumentProblem, literal, type Operator, textOf } from '../operator.ts';

function checkName(of: string, index: number): NonNullable<Operator['check']> {
  return (args) => {
    const value = literal(args, index);
    if (value.type !== 'text' || value.value === '')
      throw new ArgumentProblem(index, `instrument of ${of} must be a name in quotes, such as 'SH000300'`);
  };
}

/** Operators that read another instrument. */
export const instrumentOperators: readonly Operator[] = [
  {
    name: 'ChangeInstrument',
    parameters: [
      { name: 'instrument', kind: 'value' },
      { name: 'feature', kind: 'series' },
    ],
    check: checkName('ChangeInstrument', 0),
    window: (args, of) => of(args[1]!),
    text: (args, of) => `ChangeInstrument('${textOf(args, 0)}',${of(args[1]!)})`,
    plan: (args, builder) => builder.onInstrument(textOf(args, 0), args[1]),
  },
  {
    name: 'Mask',
    parameters: [
      { name: 'feature', kind: 'series' },
      { name: 'instrument', kind: 'value' },
    ],
    check: checkName('Mask', 1),
    window: (args, of) => of(args[0]!),
    text: (args, of) => `Mask(${of(args[0]!)},${textOf(args, 1).toLowerCase()})`,
    plan: (args, builder) => builder.onInstrument(textOf(args, 1), args[0]),
  },
];
