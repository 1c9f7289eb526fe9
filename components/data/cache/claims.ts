import { linkSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { makeFolder } from '../../core/make-folder.ts';
import { isAlive, processMark } from '../../core/process-mark.ts';

const pauseMs = 20;

/** `mine`: the caller does the work and releases it; `other`: a living process does it; `none`: nobody can tell, each works for itself. */
export type Claim = 'mine' | 'other' | 'none';

/** Files that say which process of this machine is at work on what, so that the others wait for it. A dead process claims nothing. */
export class Claims {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = join(folder, 'claims');
  }

  take(name: string): Claim {
    const own = join(this.#folder, `${name}.${process.pid}`);
    try {
      makeFolder(this.#folder);
      writeFileSync(own, processMark());
      const claim = this.#place(own, name);
      rmSync(own, { force: true });
      return claim;
    } catch {
      // a folder that may only be read, or knows no links
      return 'none';
    }
  }

  release(name: string): void {
    rmSync(join(this.#folder, name), { force: true });
  }

  /** Waits until nobody living is at work on it. */
  async ended(name: string): Promise<void> {
    while (this.#isLive(name)) await setTimeout(pauseMs);
  }

  /** A link comes into being whole or not at all. */
  #place(own: string, name: string): Claim {
    const place = join(this.#folder, name);
    for (let attempt = 0; attempt < 2; attempt++) {
      try {
        linkSync(own, place);
        return 'mine';
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      }
      const live = this.#isLive(name);
      if (live !== false) return live ? 'other' : 'none';
      rmSync(place, { force: true });
    }
    return 'none';
  }

  /** Undefined where the process is of another machine. */
  #isLive(name: string): boolean | undefined {
    try {
      return isAlive(readFileSync(join(this.#folder, name), 'utf8'));
    } catch {
      return false;
    }
  }
}
