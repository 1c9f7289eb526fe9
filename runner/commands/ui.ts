import { spawn } from 'node:child_process';
import { serve } from '../server/serve.ts';
import { type ServerArguments, serveOptions, stopAsked } from './server.ts';

export interface UiArguments extends ServerArguments {
  /** False: do not open a browser. */
  readonly open?: boolean;
}

/** `qrun ui`: the server with its page, opened in the browser. Returns the exit code. */
export async function uiCommand(given: UiArguments): Promise<number> {
  const options = serveOptions(given);
  const serving = await serve(options);
  const page =
    options.token === null ? serving.url : `${serving.url}/?token=${encodeURIComponent(options.token)}`;
  process.stdout.write(`qrun ui: ${options.uri} at ${page}\nCtrl-C ends it\n`);
  if (given.open !== false) openBrowser(page);
  await stopAsked();
  await serving.close();
  return 0;
}

/** Where there is no browser, the address in the terminal has to do. */
function openBrowser(url: string): void {
  const [command, ...args] =
    process.platform === 'darwin'
      ? ['open', url]
      : process.platform === 'win32'
        ? ['cmd', '/c', 'start', '', url]
        : ['xdg-open', url];
  const child = spawn(command!, args, { stdio: 'ignore', detached: true });
  child.on('error', () => {});
  child.unref();
}
