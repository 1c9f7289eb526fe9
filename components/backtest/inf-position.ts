import type { AnyPosition } from './position.ts';

/**
 * Endless cash and endless shares of everything: for measuring execution alone (qlib's InfPosition). No
 * portfolio metrics come of it.
 */
export class InfPosition implements AnyPosition {
  readonly isInfinite = true;
  readonly short = null;

  has(): boolean {
    return true;
  }

  amount(): number {
    return Number.POSITIVE_INFINITY;
  }

  cash(): number {
    return Number.POSITIVE_INFINITY;
  }

  update(): void {}

  beginSettlement(): void {}

  endSettlement(): void {}
}
