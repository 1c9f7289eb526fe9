import type { RunRow } from '../types.ts';

/** By which a sweep tells its runs apart. */
export const overridesTag = 'qrun.sweep.overrides';

/** What a sweep gave a run, by key path; null for a run of no sweep. */
export function sweepValues({ tags }: RunRow): Record<string, string> | null {
  try {
    const overrides = JSON.parse(tags[overridesTag] ?? '') as string[];
    return Object.fromEntries(
      overrides.map((text) => {
        const at = text.indexOf('=');
        return at < 0 ? [text, ''] : [text.slice(0, at).replace(/^\++/, ''), text.slice(at + 1)];
      }),
    );
  } catch {
    return null;
  }
}
