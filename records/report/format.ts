const missing = '–';

/** With a proper minus, and none before what is rounded to nothing. */
const signed = (text: string) => text.replace(/^-(?=[0.]*$)/, '').replace(/^-/, '−');

/** `12.3 %`; a dash for what is not a finite number. */
export function percent(x: number, digits = 1): string {
  return Number.isFinite(x) ? `${signed((x * 100).toFixed(digits))} %` : other(x);
}

/** A plain number with so many decimals. */
export function decimal(x: number, digits = 2): string {
  return Number.isFinite(x) ? signed(x.toFixed(digits)) : other(x);
}

/** Hundredths of a percent. */
export function basisPoints(x: number, digits = 1): string {
  return Number.isFinite(x) ? `${signed((x * 10_000).toFixed(digits))} bp` : other(x);
}

/** A count with thin spaces between thousands. */
export function whole(x: number): string {
  return Number.isFinite(x) ? grouped(Math.round(x)) : other(x);
}

/** Money to three digits: `12.3 M`. */
export function money(x: number): string {
  if (!Number.isFinite(x)) return other(x);
  const size = Math.abs(x);
  for (const [unit, name] of [
    [1e12, 'T'],
    [1e9, 'G'],
    [1e6, 'M'],
    [1e3, 'k'],
  ] as const)
    if (size >= unit * 0.9995) return `${signed(threeDigits(x / unit))} ${name}`;
  return signed(threeDigits(x));
}

function threeDigits(x: number): string {
  const size = Math.abs(x);
  return x.toFixed(size >= 99.95 || x === 0 ? 0 : size >= 9.995 ? 1 : 2);
}

function grouped(x: number): string {
  return signed(String(x).replace(/\B(?=(\d{3})+(?!\d))/g, '\u202f'));
}

function other(x: number): string {
  return x === Number.POSITIVE_INFINITY ? '∞' : x === Number.NEGATIVE_INFINITY ? '−∞' : missing;
}

/** Kinds of numbers that charts and tables show; the page's script knows them too. */
export type NumberKind = 'percent' | 'decimal' | 'whole' | 'money';

export function formatNumber(x: number, kind: NumberKind): string {
  switch (kind) {
    case 'percent':
      return percent(x);
    case 'decimal':
      return decimal(x, 3);
    case 'whole':
      return whole(x);
    case 'money':
      return money(x);
  }
}
