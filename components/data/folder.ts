import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { UserError } from '../core/errors.ts';
import { nearest } from '../core/nearest.ts';

/** Entries of a folder by lower-case name, so that names in either case are found and nothing outside the folder is. */
export function listFolder(folder: string): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  let names: string[];
  try {
    names = readdirSync(folder);
  } catch {
    return found;
  }
  for (const name of names) {
    const key = name.toLowerCase();
    if (!found.has(key) || name === key) found.set(key, name);
  }
  return found;
}

/** One data folder in qlib's layout: `calendars/`, `instruments/`, `features/`. */
export class DataFolder {
  readonly #entries: ReadonlyMap<string, string>;
  #markets: ReadonlyMap<string, string> | undefined;
  #instruments: ReadonlyMap<string, string> | undefined;
  #financial: ReadonlyMap<string, string> | undefined;

  /** @throws UserError where the folder is none or lacks a part */
  constructor(readonly path: string) {
    if (!existsSync(path))
      throw new UserError(`no data folder ${path}`, {
        hint: 'provider_uri must name a folder with calendars, instruments and features',
      });
    if (!statSync(path).isDirectory()) throw new UserError(`${path} is a file, not a data folder`);
    this.#entries = listFolder(path);
    for (const part of ['calendars', 'instruments', 'features'])
      if (!this.#entries.has(part))
        throw new UserError(`data folder ${path} has no folder "${part}"`, {
          hint: "a data folder in qlib's format has calendars, instruments and features",
        });
  }

  /** Whether it has point-in-time data. */
  get hasPointInTime(): boolean {
    return this.#entries.has('financial');
  }

  /** Folder of an instrument's point-in-time fields; undefined where there is none. */
  financialFolder(instrument: string): string | undefined {
    const part = this.#entries.get('financial');
    if (part === undefined) return undefined;
    this.#financial ??= listFolder(join(this.path, part));
    const name = this.#financial.get(fileName(instrument).toLowerCase());
    return name === undefined ? undefined : join(this.path, part, name);
  }

  /** Names of all instruments that have a folder of point-in-time fields, in lower case. */
  financialFolders(): string[] {
    const part = this.#entries.get('financial');
    return part === undefined ? [] : [...listFolder(join(this.path, part)).keys()];
  }

  part(name: 'calendars' | 'instruments' | 'features'): string {
    return join(this.path, this.#entries.get(name) ?? name);
  }

  /** Frequencies that have a calendar, as their files spell them. */
  calendarFiles(): ReadonlyMap<string, string> {
    const files = [...listFolder(this.part('calendars'))].filter(([key]) => key.endsWith('.txt'));
    return new Map(files.map(([key, name]) => [key.slice(0, -4), join(this.part('calendars'), name)]));
  }

  markets(): string[] {
    return [...this.#marketFiles.keys()].filter((key) => key.endsWith('.txt')).map((key) => key.slice(0, -4));
  }

  /** File of a market. @throws UserError for one that the folder does not have */
  marketFile(market: string): string {
    const file = this.#marketFiles.get(`${market.toLowerCase()}.txt`);
    if (file) return join(this.part('instruments'), file);
    const known = this.markets();
    const near = nearest(market, known);
    throw new UserError(`unknown market "${market.slice(0, 200)}"`, {
      hint: `${near ? `did you mean "${near}"? ` : ''}${this.part('instruments')} has ${known.sort().join(', ') || 'no market'}`,
    });
  }

  /** Folder of an instrument's bins; undefined where there is none. */
  featureFolder(instrument: string): string | undefined {
    this.#instruments ??= listFolder(this.part('features'));
    const name = this.#instruments.get(fileName(instrument).toLowerCase());
    return name === undefined ? undefined : join(this.part('features'), name);
  }

  /** Names of all instruments that have a folder, in lower case. */
  featureFolders(): string[] {
    this.#instruments ??= listFolder(this.part('features'));
    return [...this.#instruments.keys()];
  }

  get #marketFiles(): ReadonlyMap<string, string> {
    this.#markets ??= listFolder(this.part('instruments'));
    return this.#markets;
  }
}

/** qlib's file name of an instrument: names that Windows keeps for devices get a prefix. */
function fileName(instrument: string): string {
  return /^(con|prn|aux|nul|com\d|lpt\d)$/i.test(instrument) ? `_qlib_${instrument}` : instrument;
}
