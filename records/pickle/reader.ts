import { gunzipSync } from 'node:zlib';
import { UserError } from '../../components/core/errors.ts';
import { op } from './opcodes.ts';
import { defaultLimits, type PickleLimits } from './read/budget.ts';
import { knownNames } from './read/known-names.ts';
import { Machine } from './read/machine.ts';
import { Malformed } from './read/malformed.ts';
import { opcodeTable } from './read/opcode-table.ts';

export interface ReadPickleOptions {
  readonly limits?: Partial<PickleLimits>;
}

/**
 * Reads a pickle of protocol 0 to 5 as plain data; no code is ever run and no name outside an allow-list is ever looked up.
 * dict becomes Map, list an array, tuple `PyTuple`, int a number (bigint where not exact), float a number, bytes Uint8Array,
 * set Set; pandas frames, series and indexes of versions 1.5 to 3 become tables, numpy arrays `NumpyArray`, timestamps
 * `PyTimestamp`, objects of qlib classes `PyObject`. Arrays may be views of `bytes`.
 * @throws UserError that names what is refused, or says what is broken and where.
 */
export function readPickle(bytes: Uint8Array, { limits = {} }: ReadPickleOptions = {}): unknown {
  const allowed = { ...defaultLimits(bytes.length), ...limits };
  const machine = new Machine(beginning(bytes, allowed), allowed, knownNames);
  try {
    return run(machine);
  } catch (error) {
    // RangeError: memory that the engine refuses, such as an array of 2^40 cells
    if (error instanceof Malformed || error instanceof RangeError)
      throw new UserError(`broken pickle at byte ${machine.opcodeAt}: ${error.message}`);
    throw error;
  }
}

function run(machine: Machine): unknown {
  const { cursor } = machine;
  for (;;) {
    machine.opcodeAt = cursor.at;
    if (cursor.left === 0) throw new Malformed('the file ends without STOP; it is cut off');
    const code = cursor.byte();
    if (code === op.STOP) return machine.result();
    if (code === op.PROTO) checkProtocol(cursor.byte());
    else if (code === op.FRAME) {
      const length = cursor.uint64();
      if (length > cursor.left)
        throw new Malformed(`the file ends early: a frame of ${length} bytes, ${cursor.left} left`);
    } else {
      const step = opcodeTable[code];
      if (!step) throw new Malformed(`unknown opcode 0x${code.toString(16).padStart(2, '0')}`);
      step(machine);
    }
  }
}

function checkProtocol(version: number): void {
  if (version > 5) throw new Malformed(`protocol ${version}; 0 to 5 are known`);
}

/** The pickle itself, unpacked where the file is gzipped; files that are no pickles at all are told apart. */
function beginning(bytes: Uint8Array, { memory }: PickleLimits): Uint8Array {
  if (bytes.length === 0) throw new UserError('the pickle is empty (0 bytes)');
  const head = Buffer.from(bytes.subarray(0, 100)).toString('latin1');
  if (head.startsWith('version https://git-lfs'))
    throw new UserError('not a pickle but a git-lfs pointer: the file itself was not fetched', {
      hint: 'run git lfs pull',
    });
  if (head.startsWith('PK\x03\x04'))
    throw new UserError('not a pickle but a zip file', {
      hint: 'torch.save writes these; they are not read',
    });
  return head.startsWith('\x1f\x8b') ? gunzip(bytes, Math.floor(memory / 2)) : bytes;
}

function gunzip(bytes: Uint8Array, most: number): Uint8Array {
  try {
    return gunzipSync(bytes, { maxOutputLength: most });
  } catch (error) {
    const large = error instanceof RangeError;
    throw new UserError(
      large
        ? `refused: the pickle is more than ${Math.round(most / 1e6)} MB when unpacked`
        : 'broken gzip file',
      { cause: error },
    );
  }
}
