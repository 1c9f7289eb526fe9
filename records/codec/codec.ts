import { UserError } from '../../components/core/errors.ts';
import { Panel } from '../../components/core/panel.ts';
import { panelToTable } from '../../components/core/table.ts';
import { csvCodec } from './csv.ts';
import { Encoded } from './encoded.ts';
import { packed, unpacked } from './gzip.ts';
import { jsonCodec } from './json.ts';
import { parquetCodec } from './parquet/codec.ts';
import { pickleCodec } from './pickle-codec.ts';
import { textCodec } from './text-codec.ts';

/** One file format of artifacts. */
export interface Codec {
  /** Name endings with their dot. */
  readonly endings: readonly string[];
  /** The content as chunks, to be written one after the other. @throws UserError for values that the format can't hold. */
  encode(value: unknown): Uint8Array[] | Promise<Uint8Array[]>;
  /** The value, or a promise of it. @throws UserError for broken content. */
  decode(bytes: Uint8Array): unknown;
}

/** One line a format. */
const codecs: readonly Codec[] = [pickleCodec, jsonCodec, csvCodec, parquetCodec, textCodec];

/** Endings that promise a format which is not written here: a pickle under such a name would mislead every reader. */
const foreign = [
  '.feather',
  '.arrow',
  '.ipc',
  '.orc',
  '.avro',
  '.npy',
  '.npz',
  '.h5',
  '.hdf5',
  '.xlsx',
  '.xls',
];

/** The format by the ending of a name. qlib pickles whatever the name is, so pickle is also what other endings get. */
export function codecOf(name: string): Codec {
  const lower = name.toLowerCase();
  return codecs.find(({ endings }) => endings.some((e) => lower.endsWith(e))) ?? pickleCodec;
}

/** `a.json` for `a.json.gz`; undefined for a name that does not end so. */
function packedName(name: string): string | undefined {
  return name.toLowerCase().endsWith('.gz') ? name.slice(0, -3) : undefined;
}

/**
 * The chunks of an artifact file that holds `value`; the format goes by the ending of `name`. A panel is kept as its table. Behind `.json.gz` and the like it is
 * gzip's; bytes are taken as packed already.
 * @throws UserError for an ending that promises another format.
 */
export function encodeObject(name: string, value: unknown): Uint8Array[] | Promise<Uint8Array[]> {
  if (value instanceof Encoded) return value.chunks;
  const inner = packedName(name);
  if (inner !== undefined)
    return value instanceof Uint8Array ? [value] : packed(async () => encodeObject(inner, value));
  const other = foreign.find((ending) => name.toLowerCase().endsWith(ending));
  if (other)
    throw new UserError(`objects are not written as ${other} (${name})`, {
      hint: 'end the name in .parquet or .csv for tables, .json or .pkl for any value; a file that is there already is saved by its path',
    });
  return codecOf(name).encode(value instanceof Panel ? panelToTable(value) : value);
}

/** The value in an artifact file, or a promise of it where the format's reader is loaded first. qlib writes pickles under any name, so they are known by their first bytes too. */
export function decodeObject(name: string, bytes: Uint8Array): unknown {
  const inner = packedName(name);
  if (inner !== undefined && bytes[0] === 0x1f && bytes[1] === 0x8b)
    return decodeObject(inner, unpacked(bytes));
  const pickled = bytes[0] === 0x80 && bytes[1]! <= 5;
  return (pickled ? pickleCodec : codecOf(name)).decode(bytes);
}
