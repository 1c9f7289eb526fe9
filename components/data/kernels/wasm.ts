import { readFileSync } from 'node:fs';
import { builtFile } from '../../core/package-root.ts';
import type { Arithmetic, Comparison, Mode } from './element.ts';
import { type Kernels, type VarianceLane, varianceLanes } from './kernels.ts';
import { referenceKernels } from './reference.ts';

const modules = ['element', 'moments', 'order', 'pair', 'regression', 'variances', 'weighted'];
const operations: Readonly<Record<Exclude<Arithmetic, 'pow'>, number>> = {
  add: 0,
  sub: 1,
  mul: 2,
  div: 3,
  max: 4,
  min: 5,
};
const comparisons: Readonly<Record<Comparison, number>> = { gt: 0, ge: 1, lt: 2, le: 3, eq: 4, ne: 5 };
const modeNumbers: Readonly<Record<Mode, number>> = { vv: 0, vs: 1, sv: 2 };

/** Bytes of what variances.as.ts reads of a lane. */
const laneBytes = 20;

const compiled: WebAssembly.Module[] = [];

/** The kernels in WebAssembly over an arena of at least `bytes`. Float64 logarithms and expanding EMA are JavaScript's own, powers those of core/power.ts. */
export function wasmKernels(bytes: number): Kernels {
  const pages = Math.ceil(bytes / 65536);
  const memory = new WebAssembly.Memory({ initial: pages, maximum: pages });
  if (compiled.length === 0)
    compiled.push(
      ...modules.map((name) => new WebAssembly.Module(readFileSync(builtFile(`wasm/${name}.wasm`)))),
    );
  const exported = compiled.map((module) => new WebAssembly.Instance(module, { env: { memory } }).exports);
  const call = Object.assign({}, ...exported) as Record<string, (...args: number[]) => number>;
  // not shared, so an ArrayBuffer
  const buffer = memory.buffer as ArrayBuffer;
  const reference = referenceKernels(buffer);
  const { covariance, equal } = call as Record<'covariance' | 'equal', (...args: number[]) => number>;
  return {
    ...reference,
    ...(call as unknown as Kernels),
    buffer,
    arithmetic32: (op, mode, x, y, scalar, out, n) =>
      op === 'pow'
        ? reference.arithmetic32(op, mode, x, y, scalar, out, n)
        : call['arithmetic32']!(operations[op], modeNumbers[mode], x, y, scalar, out, n),
    arithmetic64: (op, mode, x, y, scalar, out, n) =>
      op === 'pow'
        ? reference.arithmetic64(op, mode, x, y, scalar, out, n)
        : call['arithmetic64']!(operations[op], modeNumbers[mode], x, y, scalar, out, n),
    compare32: (op, mode, x, y, scalar, out, n) => {
      call['compare32']!(comparisons[op], modeNumbers[mode], x, y, scalar, out, n);
    },
    compare64: (op, mode, x, y, scalar, out, n) => {
      call['compare64']!(comparisons[op], modeNumbers[mode], x, y, scalar, out, n);
    },
    covariance: (x, y, out, n, w) => {
      covariance(x, y, out, n, w);
    },
    equal: (x, y, n) => equal(x, y, n) === 1,
    variances: (lanes, work) => {
      describeLanes(new Int32Array(buffer, work, (varianceLanes * laneBytes) / 4), lanes, work);
      call['variances4']!(work);
    },
  };
}

/** Where there are less than four the last one is done again, to the same place; what nobody wants goes behind the descriptors. */
function describeLanes(table: Int32Array, lanes: readonly VarianceLane[], work: number): void {
  const nowhere = work + varianceLanes * laneBytes + 16;
  for (let i = 0; i < varianceLanes; i++) {
    const { x, variance, deviation, n, w } = lanes[Math.min(i, lanes.length - 1)]!;
    table.set([x, variance || nowhere, deviation || nowhere, n, w], 5 * i);
  }
}
