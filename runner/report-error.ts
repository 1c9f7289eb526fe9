import { formatKeyPath, UserError, UserErrors } from '../components/core/errors.ts';
import { systemRefusal } from './system-error.ts';

/** Tells an error on standard error; returns the exit code. A user's mistake has no stack, a fault of ours names how to get it. */
export function reportError(
  error: unknown,
  debug: boolean,
  format: (error: UserError) => string = plain,
): number {
  const write = (text: string) => void process.stderr.write(`${text}\n`);
  if (error instanceof UserErrors) {
    for (const one of error.errors) write(format(one));
    if (error.errors.length > 1) write(`${error.errors.length} mistakes`);
  } else if (error instanceof UserError) {
    write(format(error));
  } else if (systemRefusal(error) !== undefined) {
    write(`error: ${systemRefusal(error)}`);
  } else {
    const message = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    write(
      `internal error: ${message}\n  this is a fault of qrun's own${debug ? '' : '; run again with --debug to see where'}`,
    );
  }
  if (debug && error instanceof Error) {
    write(error.stack ?? '');
    for (let cause = error.cause; cause instanceof Error; cause = cause.cause)
      write(`caused by ${cause.stack}`);
  }
  return 1;
}

function plain(error: UserError): string {
  const path = error.path.length > 0 ? ` (${formatKeyPath(error.path)})` : '';
  return `error${path}: ${error.problem}${error.hint ? `\n  ${error.hint}` : ''}`;
}
