import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach } from 'vitest';
import type { RunEnvironment } from '../../../records/tracking/environment.ts';
import { FileStore } from '../../../records/tracking/file/file-store.ts';
import { ownIdentity } from '../../../records/tracking/process-identity.ts';
import { createR, type QlibRecorder } from '../../../records/tracking/r.ts';

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

/** A new folder that the test's end removes. */
export function newFolder(): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'qrun-tracking-')));
  folders.push(folder);
  return folder;
}

export const quietEnvironment: RunEnvironment = {
  user: 'tester',
  source: 'test.ts',
  command: 'test.ts --all',
  variables: {},
  identity: ownIdentity(),
  code: async () => ({}),
};

/** A file store in a new folder. */
export function newStore(folder: string = newFolder()): { store: FileStore; folder: string } {
  return { store: new FileStore(`file://${folder}`, folder, Date.now), folder };
}

/** An `R` over a store in a new folder, without signals. */
export function newR(folder: string = join(newFolder(), 'mlruns')): {
  R: QlibRecorder;
  folder: string;
  uri: string;
} {
  const uri = `file:${folder}`;
  return { R: createR({ uri, environment: quietEnvironment, signals: null }), folder, uri };
}
