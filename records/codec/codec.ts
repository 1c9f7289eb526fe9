import { Panel } from '../../components/core/panel.ts';
import { panelToTable } from '../../components/core/table.ts';
import { csvCodec } from './csv.ts';
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

/** The format by the ending of a name. qlib pickles whatever the name is, so pickle is also what other endings get. */
export function codecOf(name: string): Codec {
  const lower = name.toLowerCase();
  return codecs.find(({ endings }) => endings.some((e) => lower.endsWith(e))) ?? pickleCodec;
}

/** The chunks of an artifact file that holds `value`; the format goes by the ending of `name`. A panel is kept as its table. */
export function encodeObject(name: string, value: unknown): Uint8Array[] | Promise<Uint8Array[]> {
  return codecOf(name).encode(value instanceof Panel ? panelToTable(value) : value);
}

/** The value in an artifact file, or a promise of it where the format's reader is loaded first. qlib writes pickles under any name, so they are known by their first bytes too. */
export function decodeObject(name: string, bytes: Uint8Array): unknown {
  const pickled = bytes[0] === 0x80 && bytes[1]! <= 5;
  return (pickled ? pickleCodec : codecOf(name)).decode(bytes);
}
