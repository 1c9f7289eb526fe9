import type { Command } from 'commander';

/** `qrun cache ls|prune|clear`; loaded when called. */
export function registerCacheCommands(program: Command): void {
  const cache = program.command('cache').description('features that are kept between runs');
  cache
    .command('ls')
    .description('lists what is kept, the longest unused first')
    .action(async () => {
      const { cacheList } = await import('./cache.ts');
      process.exitCode = cacheList();
    });
  cache
    .command('prune')
    .description('removes the longest unused features')
    .option('--max <size>', 'how much may stay, such as 500MB, 2GB', '4GB')
    .action(async ({ max }: { max: string }) => {
      const { cachePrune } = await import('./cache.ts');
      process.exitCode = cachePrune(max);
    });
  cache
    .command('clear')
    .description('removes everything that is kept')
    .action(async () => {
      const { cachePrune } = await import('./cache.ts');
      process.exitCode = cachePrune('0');
    });
}
