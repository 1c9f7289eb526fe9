import { gainOfOutput, type LeafRules, leafOutput } from '../leaf-output.ts';

/** Smallest and largest value that a leaf may have. */
export interface OutputBounds {
  readonly min: number;
  readonly max: number;
}

export const unbounded: OutputBounds = { min: -Number.MAX_VALUE, max: Number.MAX_VALUE };

/** Bounds of both sides of a split of one leaf by one feature. They may depend on the threshold. */
export interface SplitBounds {
  /** 1 where the right side must not be lower, -1 where it must not be higher, 0 for all the same. */
  readonly monotone: number;
  /** The bounds of both sides where they are the same for all thresholds, else null. */
  readonly fixed: OutputBounds | null;
  /** Called before a scan over the feature's bins. */
  begin(fromRight: boolean): void;
  /** Called by a scan from the right: bins from `bin` on are on the right side. */
  move(bin: number): void;
  left(): OutputBounds;
  right(): OutputBounds;
}

/** Bounds that are the same for all thresholds. */
export function fixedBounds(bounds: OutputBounds, monotone: number): SplitBounds {
  return { monotone, fixed: bounds, begin() {}, move() {}, left: () => bounds, right: () => bounds };
}

export interface SideSums {
  readonly gradient: number;
  readonly hessian: number;
  readonly rows: number;
}

/** `leafOutput` within bounds. */
export function boundedOutput(
  rules: LeafRules,
  { gradient, hessian, rows }: SideSums,
  parentOutput: number,
  bounds: OutputBounds | null,
): number {
  const value = leafOutput(rules, gradient, hessian, rows, parentOutput);
  if (!bounds) return value;
  return value < bounds.min ? bounds.min : value > bounds.max ? bounds.max : value;
}

/** What a split saves of the loss where outputs are bounded; 0 where it is not monotone. LightGBM `GetSplitGains`. */
export function boundedGain(
  rules: LeafRules,
  left: SideSums,
  right: SideSums,
  parentOutput: number,
  bounds: SplitBounds,
): number {
  const leftOutput = boundedOutput(rules, left, parentOutput, bounds.left());
  const rightOutput = boundedOutput(rules, right, parentOutput, bounds.right());
  if (bounds.monotone > 0 ? leftOutput > rightOutput : bounds.monotone < 0 && leftOutput < rightOutput)
    return 0;
  return (
    gainOfOutput(rules, left.gradient, left.hessian, leftOutput) +
    gainOfOutput(rules, right.gradient, right.hessian, rightOutput)
  );
}
