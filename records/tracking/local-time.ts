/** `2020-01-31 09:35:00` by the clock of this machine, as qlib shows times of runs. */
export function localTime(time: number | null): string | null {
  if (time === null) return null;
  const date = new Date(time);
  const two = (n: number) => String(n).padStart(2, '0');
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  return `${day} ${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
}
