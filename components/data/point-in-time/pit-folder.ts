import { join } from 'node:path';
import { type DataFolder, listFolder } from '../folder.ts';
import type { PitRead } from '../provider.ts';
import type { PitFiles } from './pit-field.ts';

/** Finds the point-in-time fields of a data folder, `financial/<instrument>/<field>.data` and `.index`. */
export class PitFolder {
  readonly #known = new Map<string, PitFiles | null>();
  readonly #listed = new Map<string, ReadonlyMap<string, string>>();

  constructor(readonly folder: DataFolder) {}

  /** The files of a field such as `roe_q`; null where the instrument lacks one of them. */
  find(instrument: string, field: string): PitFiles | null {
    const key = `${instrument}\n${field}`;
    let found = this.#known.get(key);
    if (found === undefined) this.#known.set(key, (found = this.#look(instrument, field)));
    return found;
  }

  /** Names of an instrument's fields. */
  fields(instrument: string): string[] {
    const listing = this.#listing(instrument);
    return [...listing.keys()].flatMap((name) => {
      const field = /^(.*)\.data$/.exec(name)?.[1];
      return field !== undefined && listing.has(`${field}.index`) ? [field] : [];
    });
  }

  /** What `find` has found so far. */
  found(): PitRead[] {
    return [...this.#known].flatMap(([key, files]) => {
      const [instrument = '', field = ''] = key.split('\n');
      return files ? [{ instrument, field, ...files }] : [];
    });
  }

  #look(instrument: string, field: string): PitFiles | null {
    const folder = this.folder.financialFolder(instrument);
    const listing = this.#listing(instrument);
    const data = listing.get(`${field}.data`);
    const index = listing.get(`${field}.index`);
    if (folder === undefined || data === undefined || index === undefined) return null;
    return { data: join(folder, data), index: join(folder, index) };
  }

  #listing(instrument: string): ReadonlyMap<string, string> {
    let listing = this.#listed.get(instrument);
    if (!listing) {
      const folder = this.folder.financialFolder(instrument);
      this.#listed.set(instrument, (listing = folder === undefined ? new Map() : listFolder(folder)));
    }
    return listing;
  }
}
