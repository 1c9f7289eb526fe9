/** What the system's codes mean to whoever runs a workflow: nothing that qrun could do about it. */
const reasons: Readonly<Record<string, string>> = {
  ENOSPC: 'no space left on the disk',
  EDQUOT: 'the disk quota is used up',
  EFBIG: 'the file would be too large (file size limit)',
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EROFS: 'the disk is read-only',
  EIO: 'the disk has failed',
  EMFILE: 'too many open files',
  ENFILE: 'too many open files',
  ENOTDIR: 'a part of the path is a file, not a folder',
  EEXIST: 'a file of that name is in the way',
  EISDIR: 'it is a folder',
  ELOOP: 'its symbolic links lead in a circle',
  ENAMETOOLONG: 'the name is too long',
};

/** SQLite's, which may have more behind: SQLITE_IOERR_WRITE. */
const databaseReasons: Readonly<Record<string, string | undefined>> = {
  SQLITE_FULL: 'no space left on the disk',
  SQLITE_READONLY: 'the database may not be written',
  SQLITE_IOERR: 'the disk of the database has failed',
  SQLITE_BUSY: 'another process holds the database',
  SQLITE_LOCKED: 'another process holds the database',
  SQLITE_CORRUPT: 'the database is damaged',
};

const reading: ReadonlySet<string> = new Set([
  'read',
  'scandir',
  'stat',
  'lstat',
  'access',
  'realpath',
  'opendir',
]);

/** A refusal of the system in words: `can't write /data/mlruns/0: no space left on the disk (ENOSPC)`; undefined for all other errors. */
export function systemRefusal(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error) || typeof error.code !== 'string') return undefined;
  const { path, dest, syscall } = error as NodeJS.ErrnoException & { dest?: string };
  const reason =
    error.code === 'ENOENT' && syscall === 'mkdir'
      ? 'no folder can be made there'
      : Object.hasOwn(reasons, error.code)
        ? reasons[error.code]
        : databaseReasons[/^SQLITE_[A-Z]+/.exec(error.code)?.[0] ?? ''];
  if (reason === undefined) return undefined;
  const verb = reading.has(syscall ?? '') ? 'read' : 'write';
  const place = dest ?? path;
  return `can't ${verb}${place ? ` ${place}` : ''}: ${reason} (${error.code})`;
}
