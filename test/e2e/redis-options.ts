/** What redis-server is started with: on this machine only, every write on disk before it is acknowledged. */
export function redisOptions(port: number, folder: string): string[] {
  return [
    '--port',
    String(port),
    '--bind',
    '127.0.0.1',
    '--dir',
    folder,
    '--save',
    '',
    '--appendonly',
    'yes',
    '--appendfsync',
    'always',
  ];
}
