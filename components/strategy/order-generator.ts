import type { Exchange } from '../backtest/exchange.ts';
import type { Order } from '../backtest/order.ts';
import type { Position } from '../backtest/position.ts';
import type { StepTime } from '../backtest/trade-calendar.ts';

/** What an order generator is told. */
export interface TargetRequest {
  readonly position: Position;
  readonly exchange: Exchange;
  /** Wanted weights by instrument; null: leave everything as it is. */
  readonly weights: ReadonlyMap<string, number> | null;
  /** Share of the value that is invested. */
  readonly riskDegree: number;
  /** The step before, whose scores are known. */
  readonly predictionTime: StepTime;
  readonly tradeTime: StepTime;
}

/** Turns target weights into orders: qlib's OrderGenerator. */
export type OrderGenerator = (request: TargetRequest) => Order[];

declare module '../core/context.ts' {
  interface ComponentKinds {
    orderGenerator: OrderGenerator;
  }
}
