/** The rows of one of `size` about equal parts; parts begin at multiples of `unit`. */
export function part(length: number, rank: number, size: number, unit = 1024): { from: number; to: number } {
  const units = Math.ceil(length / unit);
  const at = (k: number) => Math.min(Math.floor((k * units) / size) * unit, length);
  return { from: at(rank), to: at(rank + 1) };
}
