/** Seconds of `90`, `90s`, `15m`, `1h30m`, `2d`; undefined for another text. */
export function parseSeconds(time: string | number): number | undefined {
  if (typeof time === 'number') return time > 0 ? time : undefined;
  const units: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400 };
  const parts = [...time.matchAll(/([\d.]+)\s*([smhd]?)/g)];
  const isWhole =
    parts.length > 0 &&
    parts
      .map(([all]) => all)
      .join('')
      .replaceAll(/\s/g, '') === time.replaceAll(/\s/g, '');
  const seconds = parts.reduce((sum, [, n, unit]) => sum + Number(n) * units[unit || 's']!, 0);
  return isWhole && seconds > 0 ? seconds : undefined;
}

/** Bytes of `500MB`, `1.5 GB`, `2GiB`; undefined for another text. */
export function parseBytes(size: string | number): number | undefined {
  if (typeof size === 'number') return size > 0 ? size : undefined;
  const [, n, unit] = /^([\d.]+)\s*([kmgt]i?)?b?$/i.exec(size.trim()) ?? [];
  if (n === undefined) return undefined;
  const power = 'kmgt'.indexOf((unit ?? ' ')[0]!.toLowerCase()) + 1;
  const bytes = Number(n) * (unit?.length === 2 ? 1024 : 1000) ** power;
  return bytes > 0 ? bytes : undefined;
}
