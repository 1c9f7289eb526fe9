import { type Params, specs } from '../params/resolve.ts';

/** Parameters that differ from LightGBM's defaults, as its C API reads them: `name=value name=value`. */
export function nativeParams(params: Params): string {
  const words: string[] = [];
  for (const [name, { default: usual }] of Object.entries(specs)) {
    const value: unknown = params[name as keyof Params];
    if (JSON.stringify(value) === JSON.stringify(usual)) continue;
    words.push(`${name}=${Array.isArray(value) ? value.join(',') : String(value)}`);
  }
  return [...words, 'verbosity=-1'].join(' ');
}
