/** Where signals come from and go to: `process`, or a stand-in in tests. */
export interface SignalSource {
  on(signal: Signal, listener: () => void): unknown;
  off(signal: Signal, listener: () => void): unknown;
  listenerCount(signal: Signal): number;
  kill(pid: number, signal: Signal): unknown;
  readonly pid: number;
}

export type Signal = 'SIGINT' | 'SIGTERM' | 'SIGHUP';

const watched: readonly Signal[] = ['SIGINT', 'SIGTERM', 'SIGHUP'];

/**
 * Calls `handle` once when the process is told to end, then lets the signal take its usual way, unless somebody else listens.
 * Returns what stops the watch.
 */
export function onSignal(source: SignalSource, handle: () => Promise<void>): () => void {
  const listeners = new Map<Signal, () => void>();
  const stop = () => {
    for (const [signal, listener] of listeners) source.off(signal, listener);
    listeners.clear();
  };
  for (const signal of watched) {
    const listener = () => {
      stop();
      void handle().finally(() => {
        if (source.listenerCount(signal) === 0) source.kill(source.pid, signal);
      });
    };
    listeners.set(signal, listener);
    source.on(signal, listener);
  }
  return stop;
}
