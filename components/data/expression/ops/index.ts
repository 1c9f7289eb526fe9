import type { Operator } from '../operator.ts';
import { conditionOperators } from './condition.ts';
import { crossSectionOperators } from './cross-section.ts';
import { elementOperators } from './element.ts';
import { instrumentOperators } from './instrument.ts';
import { pairOperators } from './pair.ts';
import { pairRollingOperators } from './pair-rolling.ts';
import { pointInTimeOperators } from './point-in-time.ts';
import { referenceOperators } from './reference.ts';
import { regressionOperators } from './regression.ts';
import { rollingOperators } from './rolling.ts';
import { otherOperators } from './unsupported.ts';
import { weightedOperators } from './weighted.ts';

/** Every operator of qlib.data.ops by name, and those across instruments. */
export const builtinOperators: ReadonlyMap<string, Operator> = new Map(
  [
    ...elementOperators,
    ...pairOperators,
    ...conditionOperators,
    ...referenceOperators,
    ...rollingOperators,
    ...regressionOperators,
    ...weightedOperators,
    ...pairRollingOperators,
    ...instrumentOperators,
    ...pointInTimeOperators,
    ...crossSectionOperators,
    ...otherOperators,
  ].map((operator) => [operator.name, operator]),
);
