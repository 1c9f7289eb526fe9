import { type AnyPosition, Position } from '../backtest/position.ts';
import { UserError } from '../core/errors.ts';

/**
 * The position of a strategy that looks at what it holds.
 * @throws UserError for one without bounds, which tells of nothing
 */
export function knownPosition(position: AnyPosition, strategy: string): Position {
  if (position instanceof Position) return position;
  throw new UserError(`${strategy} needs to know what it holds, which pos_type InfPosition does not tell`, {
    hint: 'InfPosition is for orders of a file or of another strategy: see FileOrderStrategy',
    path: ['backtest', 'pos_type'],
  });
}
