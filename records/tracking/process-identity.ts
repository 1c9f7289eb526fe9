import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';

/** Which process of which machine: enough to know it again, and to see whether it still runs. */
export interface ProcessIdentity {
  readonly host: string;
  /** Changes with each start of the machine; empty where the system does not tell. */
  readonly boot: string;
  /** Numbers of processes mean nothing in another container. */
  readonly namespace: string;
  readonly pid: number;
  /** When it began, in the system's own count; a later process with the same number has another one. Empty where the system does not tell. */
  readonly started: string;
}

/** The identity of this process. */
export function ownIdentity(): ProcessIdentity {
  return {
    host: hostname(),
    boot: told(() => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()),
    namespace: told(() => readlinkSync('/proc/self/ns/pid')),
    pid: process.pid,
    started: startOf(process.pid),
  };
}

/** Does the process run? Undefined where that cannot be seen from here: it is another machine, or another container. */
export function isRunning(other: ProcessIdentity, here: ProcessIdentity): boolean | undefined {
  if (other.host !== here.host || other.namespace !== here.namespace) return undefined;
  // restarted since, or another machine of that name: virtual machines are often called alike
  if (other.boot !== here.boot) return undefined;
  if (other.started !== '') return startOf(other.pid) === other.started;
  try {
    process.kill(other.pid, 0);
    return true;
  } catch (error) {
    // A process of another user is there, but may not be asked.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

/** Field 22 of Linux's /proc/PID/stat, behind the name in brackets, which may hold anything; a process that is only waited for is over. */
function startOf(pid: number): string {
  const fields = told(() => readFileSync(`/proc/${pid}/stat`, 'utf8').replace(/^.*\) /s, ''));
  const [state, ...others] = fields.split(' ');
  return state === 'Z' || state === 'X' ? '' : (others[18] ?? '');
}

function told(read: () => string): string {
  try {
    return read();
  } catch {
    return '';
  }
}
