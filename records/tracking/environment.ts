import { userInfo } from 'node:os';
import { captureCode } from './captured-code.ts';
import { ownIdentity, type ProcessIdentity } from './process-identity.ts';

/** What a run tells of the process that made it. */
export interface RunEnvironment {
  readonly user: string;
  /** The script, MLflow's `mlflow.source.name`. */
  readonly source: string;
  /** The command line, qlib's param `cmd-sys.argv`. */
  readonly command: string;
  /** Variables that qlib logs as params: `_QLIB_...`. */
  readonly variables: Readonly<Record<string, string>>;
  /** Who runs it, for its heartbeat; undefined: it has none. */
  readonly identity: ProcessIdentity | undefined;
  /** Files of the code's state: qlib's `code_diff.txt` and others; empty outside a git repository. */
  code(): Promise<Readonly<Record<string, string>>>;
}

/** The environment of this process. */
export function processEnvironment(): RunEnvironment {
  return {
    user: userName(),
    source: process.argv[1] ?? process.execPath,
    command: process.argv.slice(1).join(' '),
    get variables() {
      return Object.fromEntries(
        Object.entries(process.env).flatMap(([key, value]) =>
          key.startsWith('_QLIB_') && value !== undefined ? [[key, value] as const] : [],
        ),
      );
    },
    identity: ownIdentity(),
    code: () => captureCode(process.cwd()),
  };
}

function userName(): string {
  for (const name of ['LOGNAME', 'USER', 'LNAME', 'USERNAME']) {
    const value = process.env[name];
    if (value) return value;
  }
  try {
    return userInfo().username;
  } catch {
    return 'unknown';
  }
}
