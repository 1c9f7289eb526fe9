import type { Session } from 'node:inspector/promises';

const intervalMicroseconds = 1000;
let session: Session | undefined;

/** Starts V8's profiler in this thread; a thread of the pool does so as the task `profile-start`. Does nothing while it is on. */
export async function startThreadProfile(): Promise<void> {
  if (session) return;
  const { Session } = await import('node:inspector/promises');
  session = new Session();
  session.connect();
  await session.post('Profiler.enable');
  await session.post('Profiler.setSamplingInterval', { interval: intervalMicroseconds });
  await session.post('Profiler.start');
}

/** Ends it and returns the profile, in the form of a `.cpuprofile`; null where it was not on. */
export async function stopThreadProfile(): Promise<object | null> {
  if (!session) return null;
  const { profile } = await session.post('Profiler.stop');
  session.disconnect();
  session = undefined;
  return profile;
}
