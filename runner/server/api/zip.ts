import { promisify } from 'node:util';
import { crc32, deflateRaw } from 'node:zlib';

const deflate = promisify(deflateRaw);

export interface ZipEntry {
  readonly name: string;
  read(): Promise<Uint8Array>;
}

/**
 * A zip file, entry by entry; names are UTF-8. Below 4 GB and 65535 entries, the bounds of the plain format.
 * @throws Error beyond them.
 */
export async function* zip(
  entries: AsyncIterable<ZipEntry> | Iterable<ZipEntry>,
): AsyncGenerator<Uint8Array> {
  const central: Buffer[] = [];
  let offset = 0;
  for await (const { name, read } of entries) {
    const bytes = await read();
    const packed = await deflate(bytes);
    const isSmaller = packed.length < bytes.length;
    const body = isSmaller ? packed : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const names = Buffer.from(name, 'utf8');
    const head = Buffer.alloc(26);
    head.writeUInt16LE(20, 0);
    head.writeUInt16LE(0x0800, 2);
    head.writeUInt16LE(isSmaller ? 8 : 0, 4);
    // The first day that the format knows: times would make equal runs differ.
    head.writeUInt16LE(0, 6);
    head.writeUInt16LE(0x21, 8);
    head.writeUInt32LE(crc32(bytes), 10);
    head.writeUInt32LE(body.length, 14);
    head.writeUInt32LE(bytes.length, 18);
    head.writeUInt16LE(names.length, 22);
    const local = Buffer.concat([Buffer.from('PK\x03\x04', 'latin1'), head, names]);
    const rest = Buffer.alloc(14);
    rest.writeUInt32LE(offset, 10);
    central.push(Buffer.concat([Buffer.from('PK\x01\x02\x14\x00', 'latin1'), head, rest, names]));
    offset += local.length + body.length;
    if (offset > 0xffffffff || central.length > 0xfffe) throw new Error('too much for one zip file');
    yield local;
    yield body;
  }
  const directory = Buffer.concat(central);
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 'latin1');
  end.writeUInt16LE(central.length, 8);
  end.writeUInt16LE(central.length, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(offset, 16);
  yield directory;
  yield end;
}
