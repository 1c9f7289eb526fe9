/** exp(x) / sum(exp(x)) in place, without overflow. */
export function softmaxInto(row: Float64Array): void {
  let most = row[0]!;
  for (let k = 1; k < row.length; k++) most = Math.max(most, row[k]!);
  let sum = 0;
  for (let k = 0; k < row.length; k++) sum += row[k] = Math.exp(row[k]! - most);
  for (let k = 0; k < row.length; k++) row[k]! /= sum;
}
