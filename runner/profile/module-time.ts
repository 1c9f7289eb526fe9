import type { CpuProfile } from './cpu-profile.ts';

/** Finds the source file of a line (from 0) of a script by its URL. */
export type ModuleOf = (url: string, line: number) => string;

/** Frames of V8 that stand for a thread that does nothing. */
const idle = new Set(['(idle)', '(root)']);

/**
 * Seconds that a thread's own samples spent in each module, functions of packages and WebAssembly under their names. Waiting is left out; a
 * sample's time is the time since the sample before it.
 */
export function moduleSeconds(
  { nodes, samples = [], timeDeltas = [] }: CpuProfile,
  moduleOf: ModuleOf,
): Map<string, number> {
  const frames = new Map(nodes.map(({ id, callFrame }) => [id, callFrame]));
  const byNode = new Map<number, number>();
  for (const [i, id] of samples.entries()) {
    // the first deltas may be negative: samples are taken in another thread
    const delta = Math.max(0, timeDeltas[i] ?? 0);
    byNode.set(id, (byNode.get(id) ?? 0) + delta);
  }
  const seconds = new Map<string, number>();
  for (const [id, time] of byNode) {
    const frame = frames.get(id);
    if (!frame || idle.has(frame.functionName)) continue;
    const module = nameOf(frame, moduleOf);
    seconds.set(module, (seconds.get(module) ?? 0) + time / 1e6);
  }
  return seconds;
}

function nameOf(
  { url, functionName, lineNumber }: CpuProfile['nodes'][number]['callFrame'],
  moduleOf: ModuleOf,
): string {
  if (url.startsWith('wasm:')) return `wasm ${functionName}`;
  // (garbage collector), (program), functions of V8 itself
  if (url === '') return functionName.startsWith('(') ? functionName : 'V8';
  return url.startsWith('node:') ? url : moduleOf(url, lineNumber);
}
