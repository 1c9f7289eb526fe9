import type { ProcessIdentity } from './process-identity.ts';
import type { TrackingStore } from './store.ts';

/** The tag that a run has while it runs. */
export const heartbeatTag = 'qrun.heartbeat';

/** Milliseconds between two signs of life. */
const interval = 30_000;

/** What the tag says. */
export interface Sign extends ProcessIdentity {
  /** Milliseconds. */
  readonly at: number;
}

/** Keeps a sign of life at a run, from its start to its end: a tag, so that every store has it. Never a reason for a run to fail. */
export class Heartbeat {
  #timer: NodeJS.Timeout | undefined;
  #last: Promise<void> = Promise.resolve();

  constructor(
    private readonly store: TrackingStore,
    private readonly runId: string,
    private readonly identity: ProcessIdentity,
    private readonly now: () => number,
  ) {}

  async start(): Promise<void> {
    await this.#beat();
    this.#timer = setInterval(() => {
      this.#last = this.#last.then(() => this.#beat());
    }, interval);
    this.#timer.unref();
  }

  /** Takes the tag away. */
  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await this.#last;
    await this.store.deleteTag(this.runId, heartbeatTag).catch(() => undefined);
  }

  async #beat(): Promise<void> {
    const tag = [heartbeatTag, signText(this.identity, this.now())] as const;
    await this.store.logBatch(this.runId, { tags: [tag] }).catch(() => undefined);
  }
}

/** The tag's text. A run has it from its first moment: one that dies right then is known to be dead as well. */
export function signText(identity: ProcessIdentity, at: number): string {
  const sign: Sign = { ...identity, at };
  return JSON.stringify(sign);
}

/** The sign that a tag holds; undefined for anything else. */
export function parseSign(text: string | undefined): Sign | undefined {
  try {
    const sign = JSON.parse(text ?? '') as Partial<Sign> | null;
    if (typeof sign?.pid !== 'number' || typeof sign.at !== 'number') return undefined;
    const word = (value: unknown): string => (typeof value === 'string' ? value : '');
    return {
      host: word(sign.host),
      boot: word(sign.boot),
      namespace: word(sign.namespace),
      pid: sign.pid,
      started: word(sign.started),
      at: sign.at,
    };
  } catch {
    return undefined;
  }
}
