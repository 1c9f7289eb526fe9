import { readFileSync } from 'node:fs';
import { builtFile } from './package-root.ts';

let compiled: ((x: number, y: number) => number) | undefined;

/**
 * C's pow, the same on every engine: JavaScript leaves the last bits of `**` to the engine, and V8 13 (Node 24) has others than V8 11. Unlike
 * there, 1 to any power and (-1) to an infinite one are 1. Kernel: ./power.as.ts.
 */
export function pow(x: number, y: number): number {
  if (x === 1 || (x === -1 && Math.abs(y) === Number.POSITIVE_INFINITY)) return 1;
  compiled ??= load();
  return compiled(x, y);
}

function load(): (x: number, y: number) => number {
  const module = new WebAssembly.Module(readFileSync(builtFile('wasm/power.wasm')));
  const { pow } = new WebAssembly.Instance(module, { env: { abort } }).exports;
  return pow as (x: number, y: number) => number;
}

function abort(): never {
  throw new Error('the kernel of powers has failed');
}
