// x to the power y as AssemblyScript's library has it (musl's: at most 0.52 of a last place off).
export function pow(x: f64, y: f64): f64 {
  return NativeMath.pow(x, y);
}
