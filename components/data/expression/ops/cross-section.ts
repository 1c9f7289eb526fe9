import { ArgumentProblem, type Operator } from '../operator.ts';

/** Looks at all instruments of a day, which a plan for one instrument cannot: ../../cross-section computes such calls first. */
function crossSection(name: string, parameters: readonly string[]): Operator {
  return {
    name,
    parameters: parameters.map((parameter) => ({ name: parameter, kind: 'series' })),
    window: (args, of) => {
      const windows = args.map(of);
      return {
        left: Math.max(...windows.map((w) => w.left)),
        right: Math.max(...windows.map((w) => w.right)),
      };
    },
    plan: () => {
      throw new ArgumentProblem(
        -1,
        `${name} looks at all instruments of a day: it is computed before the plan for one instrument is made`,
        'its arguments can be planned, each on its own',
      );
    },
  };
}

/** Operators across the instruments of a day; qlib has none. */
export const crossSectionOperators: readonly Operator[] = [
  crossSection('CSRank', ['feature']),
  crossSection('CSZScore', ['feature']),
  crossSection('CSDemean', ['feature']),
  crossSection('GroupNeutralize', ['feature', 'group']),
];
