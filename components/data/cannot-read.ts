import { UserError } from '../core/errors.ts';

const reasons: Readonly<Record<string, string>> = {
  ELOOP: 'its symbolic links lead in a circle',
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  ENOENT: 'it is gone, or a link that leads nowhere',
  ENAMETOOLONG: 'its name is too long',
  EIO: 'the disk has failed',
};

/** What the system refused, as the fault of a data file: `calendar /data/calendars/day.txt cannot be read: permission denied`. */
export function cannotRead(what: string, error: unknown): UserError {
  const code = String((error as NodeJS.ErrnoException | null)?.code);
  const reason = Object.hasOwn(reasons, code) ? reasons[code] : code;
  return new UserError(`${what} cannot be read: ${reason}`, { cause: error });
}
