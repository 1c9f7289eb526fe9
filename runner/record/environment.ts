import { availableParallelism, cpus, hostname, release, totalmem } from 'node:os';
import { type GitState, gitState } from './git-state.ts';
import { packageVersions } from './versions.ts';

/** Artifact `environment.json`: what a run hung on besides its config and data. */
export interface RunEnvironmentRecord {
  readonly qrun: string;
  readonly node: string;
  readonly v8: string;
  readonly packages: Readonly<Record<string, string>>;
  readonly git: GitState | null;
  readonly host: string;
  readonly os: string;
  readonly arch: string;
  readonly cpu: { readonly model: string; readonly count: number; readonly available: number };
  readonly memoryBytes: number;
  readonly command: readonly string[];
  readonly cwd: string;
  readonly pid: number;
  readonly seed?: number;
  readonly threads?: number;
  readonly blasThreads?: number;
}

/** What the caller knows of it; runs that a script makes through `R` tell neither seed nor threads. */
export interface RunSettings {
  readonly cwd: string;
  readonly seed?: number;
  readonly threads?: number;
  readonly blasThreads?: number;
}

/** Looks at this process, the machine, the packages, and the git repository of the working folder. */
export async function recordEnvironment(settings: RunSettings): Promise<RunEnvironmentRecord> {
  const git = gitState(settings.cwd);
  const { qrun = '', ...packages } = packageVersions();
  const processors = cpus();
  return {
    qrun,
    node: process.version,
    v8: process.versions.v8,
    packages,
    git: await git,
    host: hostname(),
    os: `${process.platform} ${release()}`,
    arch: process.arch,
    cpu: {
      model: processors[0]?.model.trim() ?? 'unknown',
      count: processors.length,
      available: availableParallelism(),
    },
    memoryBytes: totalmem(),
    command: [...process.argv],
    pid: process.pid,
    ...settings,
  };
}
