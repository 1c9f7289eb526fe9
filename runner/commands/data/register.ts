import type { Command } from 'commander';
import { wholeNumber } from '../../whole-number.ts';
import type { DataImportArguments } from './import.ts';

/** `qrun data import|export|info|check|market|explain`; each is loaded when called. */
export function registerDataCommands(data: Command): void {
  data
    .command('import')
    .description('makes or updates a data folder from CSV, gzipped CSV or Parquet files')
    .argument('<source>', 'a file, or a folder of them: one an instrument, or with a column of instruments')
    .argument('<folder>', 'data folder')
    .option('--fields <names>', 'fields to write (default: every column but date and instrument)')
    .option('--exclude <names>', 'columns to leave out')
    .option(
      '--date-field <name>',
      'column of the time (default: date, datetime, timestamp, time or trade_date)',
    )
    .option(
      '--symbol-field <name>',
      "column of the instrument (default: symbol or instrument, else the file's name)",
    )
    .option('--map <old=new,...>', 'new names of columns')
    .option(
      '--factor <column[/column]>',
      'adjusts: prices x factor, volume / factor, change computed; such as adjusted_close/close',
    )
    .option('--delimiter <c>', 'character between cells (default: comma, semicolon or tab, by the header)')
    .option('--duplicates <which>', 'a time twice: error, first or last (default: error)')
    .option('--freq <freq>', 'bar length, such as day, 1min', 'day')
    .option('--update', 'add later days and new instruments to the folder')
    .option('--overwrite', 'replace the data folder')
    .option('--threads <n>', 'worker threads (default: one a core)', wholeNumber('--threads', 1, 1024))
    .option('--debug', 'show stack traces')
    .action(
      async (source: string, folder: string, options: Omit<DataImportArguments, 'source' | 'folder'>) => {
        const { dataImportCommand } = await import('./import.ts');
        process.exitCode = await dataImportCommand({ ...options, source, folder });
      },
    );
}
