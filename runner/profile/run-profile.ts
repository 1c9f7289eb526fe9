import { startThreadProfile, stopThreadProfile } from '../../components/core/thread-profile.ts';
import type { WorkerPool } from '../../components/core/workers.ts';
import type { Recorder } from '../../records/tracking/recorder.ts';
import { bundleModules } from './bundle-modules.ts';
import type { CpuProfile } from './cpu-profile.ts';
import { moduleSeconds } from './module-time.ts';

const shownModules = 15;
/** Folder of the artifacts. */
const folder = 'profile';

/** Profiles a run in all of its threads, from `start` to `end`. */
export class RunProfile {
  readonly #pool: WorkerPool;

  private constructor(pool: WorkerPool) {
    this.#pool = pool;
  }

  /** The threads of the pool are started by this. */
  static async start(pool: WorkerPool): Promise<RunProfile> {
    await pool.together('profile-start', pool.size, () => null);
    await startThreadProfile();
    return new RunProfile(pool);
  }

  /**
   * Artifacts `profile/main.cpuprofile` and `profile/worker-1.cpuprofile` and so on, which browsers' developer tools and editors open; returns
   * the lines of a table: each thread's seconds at work, then the modules with the largest share of all threads' time.
   */
  async end(recorder: Recorder): Promise<string[]> {
    const main = await stopThreadProfile();
    const workers = await this.#pool.together<object | null>('profile-stop', this.#pool.size, () => null);
    const threads = [
      ['main', main] as const,
      ...workers.map((profile, i) => [`worker-${i + 1}`, profile] as const),
    ].flatMap(([name, profile]) => (profile ? [[name, profile as CpuProfile] as const] : []));
    for (const [name, profile] of threads)
      await recorder.writeArtifact(`${folder}/${name}.cpuprofile`, JSON.stringify(profile));
    return profileTable(threads);
  }
}

/** See `RunProfile.end`. */
export function profileTable(threads: readonly (readonly [name: string, profile: CpuProfile])[]): string[] {
  const moduleOf = bundleModules();
  const total = new Map<string, number>();
  const lines: string[] = [];
  for (const [name, profile] of threads) {
    const seconds = moduleSeconds(profile, moduleOf);
    const whole = (profile.endTime - profile.startTime) / 1e6;
    const busy = [...seconds.values()].reduce((a, b) => a + b, 0);
    lines.push(`${name.padEnd(12)}${busy.toFixed(2).padStart(8)} s at work of ${whole.toFixed(2)} s`);
    for (const [module, time] of seconds) total.set(module, (total.get(module) ?? 0) + time);
  }
  const all = [...total.values()].reduce((a, b) => a + b, 0);
  const ranked = [...total].sort((a, b) => b[1] - a[1]);
  for (const [module, time] of ranked.slice(0, shownModules))
    lines.push(
      `${((100 * time) / all).toFixed(1).padStart(10)} %${time.toFixed(2).padStart(8)} s   ${module}`,
    );
  return lines;
}
