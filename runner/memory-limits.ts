import type { MemoryLimits } from '../components/core/context.ts';
import { UserError } from '../components/core/errors.ts';
import { machineMemory } from './sweep/admission.ts';

const units: Readonly<Record<string, number>> = { '': 1, K: 1e3, M: 1e6, G: 1e9, T: 1e12 };

/**
 * What features may take before they are computed in blocks: QRUN_FEATURE_MEMORY (`2G`, `500M`; 0: always in blocks), else a quarter of the memory of this
 * machine or container. @throws UserError for a text that is no size
 */
export function memoryLimits(env: Readonly<Record<string, string | undefined>>): MemoryLimits {
  const { total } = machineMemory();
  const given = env['QRUN_FEATURE_MEMORY'];
  if (given === undefined || given === '') return limits(total / 4, total);
  const found = /^(\d+(?:\.\d+)?)([KMGT]?)B?$/i.exec(given.trim());
  if (!found)
    throw new UserError(`QRUN_FEATURE_MEMORY is "${given}", which is no size`, {
      hint: 'write 2G, 500M or a number of bytes; 0 computes all features in blocks',
    });
  return limits(Number(found[1]) * units[found[2]!.toUpperCase()]!, total);
}

function limits(features: number, total: number): MemoryLimits {
  return { features, block: features / 4, total };
}

/** Features below this are held whole in any case. */
const worthBlocks = 256e6;

/**
 * The limits of a run whose model reads its features in blocks and whose features nobody else wants: less memory, and no more time. A limit that
 * was given stays.
 */
export function limitsOfBlocks(
  limits: MemoryLimits,
  env: Readonly<Record<string, string | undefined>>,
): MemoryLimits {
  return env['QRUN_FEATURE_MEMORY']
    ? limits
    : { ...limits, features: Math.min(limits.features, worthBlocks) };
}
