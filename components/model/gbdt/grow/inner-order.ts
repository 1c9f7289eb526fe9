import type { Engine } from '../engine/engine.ts';

/** Columns in LightGBM's inner order. */
export function innerOrder(engine: Engine): number[] {
  return engine.layout.features.map(({ column }) => column).sort((a, b) => a - b);
}
