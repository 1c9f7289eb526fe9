import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';

/** `host:pid:start`: names a process beyond the reuse of its number. `start` is 0 where the system does not tell. */
export function processMark(pid: number = process.pid): string {
  return `${hostname()}:${pid}:${startOf(pid) ?? 0}`;
}

/** Does the process of a mark live? Undefined where it is of another machine. */
export function isAlive(mark: string): boolean | undefined {
  const [host, pid, start] = mark.split(':');
  if (host !== hostname()) return undefined;
  const number = Number(pid);
  if (!(number > 0)) return false;
  try {
    process.kill(number, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false;
  }
  const found = startOf(number);
  return found === undefined || start === '0' || found === start;
}

/** Ends the process of a mark; nothing where it is another one by now. */
export function killMarked(mark: string): void {
  if (isAlive(mark) !== true) return;
  try {
    process.kill(Number(mark.split(':')[1]), 'SIGKILL');
  } catch {
    // it has just ended
  }
}

/** Field 22 of /proc/PID/stat; a zombie counts as gone. */
function startOf(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' ? 'gone' : fields[19];
  } catch {
    return undefined;
  }
}
