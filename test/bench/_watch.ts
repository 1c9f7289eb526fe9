import { spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

/** Runs a program: its lines on stdout, its seconds, those of the processor, and the peak of the memory of it and its children. */
export async function watch(
  program: string,
  args: readonly string[],
): Promise<{ lines: string[]; seconds: number; cpuSeconds: number; peak: number }> {
  const begin = performance.now();
  const child = spawn(program, args, {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, PYTHONWARNINGS: 'ignore' },
  });
  let text = '';
  child.stdout.on('data', (part) => {
    text += String(part);
  });
  let peak = 0;
  let cpuSeconds = 0;
  let timer: NodeJS.Timeout;
  const look = () => {
    const started = performance.now();
    peak = Math.max(peak, memoryOf(child.pid!));
    cpuSeconds = Math.max(cpuSeconds, cpuSecondsOf(child.pid!));
    // counting the pages of a large process takes long, and holds it up
    timer = setTimeout(look, Math.max(50, 20 * (performance.now() - started)));
  };
  look();
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', resolve);
  });
  clearTimeout(timer!);
  if (code !== 0) throw new Error(`${program} ${args.join(' ')} ended with ${code}`);
  return { lines: text.trim().split('\n'), seconds: (performance.now() - begin) / 1000, cpuSeconds, peak };
}

/** Seconds of the processor that a process has taken so far, with the children that it waited for. */
function cpuSecondsOf(pid: number): number {
  try {
    // behind the name, which may hold blanks: state is field 3; utime, stime, cutime, cstime are 14 to 17, in ticks of 10 ms
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)!.split(' ');
    return fields.slice(11, 15).reduce((sum, ticks) => sum + Number(ticks), 0) / 100;
  } catch {
    return 0;
  }
}

/** Bytes that a process and its descendants hold, pages they share counted once. */
function memoryOf(pid: number): number {
  try {
    const kilobytes = Number(
      /^Pss:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))?.[1] ?? 0,
    );
    const children = readdirSync(`/proc/${pid}/task`).flatMap((task) =>
      readFileSync(`/proc/${pid}/task/${task}/children`, 'utf8')
        .trim()
        .split(/\s+/)
        .filter(Boolean)
        .map(Number),
    );
    return kilobytes * 1024 + children.reduce((sum, child) => sum + memoryOf(child), 0);
  } catch {
    // it has ended meanwhile
    return 0;
  }
}
