import { describe, expect, it } from 'vitest';
import type { RecordTemplate } from '../../records/record.ts';
import { RunConsole } from '../../runner/console.ts';
import { type RecordSpec, type RecordsOptions, runRecords } from '../../runner/run-records.ts';

const sigAna = { class: 'SigAnaRecord', module_path: 'qlib.workflow.record_temp' };
const portAna = { class: 'PortAnaRecord', module_path: 'qlib.workflow.record_temp' };
const own = { class: 'PortAnaRecord', module_path: './mine.ts' };

/** Turns of the event loop. */
const turns = async (count: number) => {
  for (let i = 0; i < count; i++) await new Promise((resolve) => setImmediate(resolve));
};

interface Behaviour {
  /** The record whose work is over some turns before its own. */
  readonly after?: string;
  readonly cannotBeMade?: boolean;
  readonly workFails?: boolean;
}

/** Runs records that write down what is done with them. */
async function run(specs: readonly [name: string, spec: unknown, behaviour?: Behaviour][]) {
  const events: string[] = [];
  let time = 0;
  const console = new RunConsole({
    terminal: {
      isTTY: false,
      write: (text) => void events.push(text.replace(/ +[\d.]+ s +[\d.]+ GB */, '|').trim()),
    },
    logLine: () => {},
    metric: () => {},
    now: () => time++,
    verbose: false,
  });
  const behaviours = new Map(specs.map(([name, , behaviour = {}]) => [name, behaviour]));
  const options: RecordsOptions = {
    records: specs.map(([name, spec], i): RecordSpec => ({ name, spec, path: ['task', 'record', i] })),
    console,
    now: () => time++,
    async make({ name }, log): Promise<RecordTemplate> {
      events.push(`make ${name}`);
      const { cannotBeMade = false, workFails = false, after } = behaviours.get(name)!;
      if (cannotBeMade) throw new Error(`no ${name}`);
      let begun: Promise<void> | undefined;
      const doWork = async () => {
        log.warn(`${name} works`);
        while (after !== undefined && !events.includes(`worked ${after}`)) await turns(1);
        await turns(5);
        events.push(`worked ${name}`);
        if (workFails) throw new Error(`${name} failed`);
      };
      return {
        async begin() {
          begun = doWork();
          await begun.catch(() => undefined);
        },
        async generate() {
          await (begun ?? doWork());
          events.push(`write ${name}`);
        },
      };
    },
    generate: (template) => template.generate(),
    onBegun: () => void events.push('begun'),
  };
  const failed = await runRecords(options).then(
    () => undefined,
    (error: unknown) => String(error),
  );
  return { events, failed, stages: console.stages };
}

describe('runRecords', () => {
  it('lets our own begin together; they write and speak in their order', async () => {
    const { events, stages } = await run([
      ['a', sigAna, { after: 'b' }],
      ['b', portAna],
    ]);
    expect(events).toEqual([
      ...['make a', 'make b', 'begun', 'warning: a works', 'worked b', 'worked a', 'write a', 'a|'],
      ...['warning: b works', 'write b', 'b|beside a'],
    ]);
    expect(stages[1]!.start).toBeLessThan(stages[0]!.start! + stages[0]!.seconds);
  });

  it('runs those of users, and what stands behind them, one after the other', async () => {
    const { events } = await run([
      ['a', sigAna],
      ['b', own],
      ['c', portAna],
    ]);
    const order = events.filter((e) => /^(make|write)/.test(e));
    expect(order).toEqual(['make a', 'write a', 'make b', 'write b', 'make c', 'write c']);
    expect(events).toContain('c|');
  });

  it('tells what is wrong with one in its turn', async () => {
    const { events, failed } = await run([
      ['a', sigAna],
      ['b', portAna, { cannotBeMade: true }],
    ]);
    expect(failed).toBe('Error: no b');
    expect(events).toContain('write a');
  });

  it('does not end before the work of those behind a failure has', async () => {
    const { events, failed } = await run([
      ['a', sigAna, { workFails: true }],
      ['b', portAna, { after: 'a' }],
    ]);
    expect(failed).toBe('Error: a failed');
    expect(events.at(-1)).toBe('worked b');
    expect(events).not.toContain('warning: b works');
  });
});
