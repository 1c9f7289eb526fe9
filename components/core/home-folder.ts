import { homedir } from 'node:os';

/** The user's own folder; empty where neither HOME nor the system's list of users names one. */
export function homeFolder(): string {
  try {
    return homedir();
  } catch {
    return '';
  }
}
