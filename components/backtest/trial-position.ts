import type { Order } from './order.ts';
import type { AnyPosition, Position } from './position.ts';

/** What a position would be after some sales: tracks cash and amounts, and leaves the position alone. */
export class TrialPosition implements AnyPosition {
  readonly isInfinite = false;
  readonly short = null;
  readonly #changed = new Map<string, number>();
  #cash: number;

  constructor(readonly position: Position) {
    this.#cash = position.cash();
  }

  has(instrument: string): boolean {
    return this.amount(instrument) > 0;
  }

  amount(instrument: string): number {
    return this.#changed.get(instrument) ?? this.position.amount(instrument);
  }

  cash(): number {
    return this.#cash;
  }

  update({ instrument, sign }: Order, value: number, cost: number, price: number): void {
    this.#changed.set(instrument, Math.max(0, this.amount(instrument) + (sign * value) / price));
    this.#cash += -sign * value - cost;
  }

  beginSettlement(): void {}

  endSettlement(): void {}
}
