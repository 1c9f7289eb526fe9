import type { Command } from 'commander';
import { wholeNumber } from '../../whole-number.ts';
import type { DataCheckArguments } from './check.ts';
import type { DataExportArguments } from './export.ts';
import type { DataImportArguments } from './import.ts';
import type { DataMarketArguments } from './market.ts';

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
    .option('--freq <freq>', 'bar length, such as day, 1min (default: day); with --pit: quarterly, annual')
    .option('--pit', 'point-in-time fields: rows of date, period (201901), field, value')
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

  data
    .command('export')
    .description('writes values as CSV or Parquet')
    .argument('<folder>', 'data folder')
    .argument('<target>', 'a folder for a file an instrument; a .csv or .parquet file for all of them')
    .option('--instruments <names>', 'a market, or names with commas (default: all)')
    .option('--fields <names>', 'fields or expressions, with commas (default: all fields)')
    .option('--start <day>', 'first day')
    .option('--end <day>', 'last day')
    .option('--freq <freq>', 'bar length', 'day')
    .option('--format <format>', 'csv or parquet (default: by the name of the target, else csv)')
    .action(
      async (folder: string, target: string, options: Omit<DataExportArguments, 'folder' | 'target'>) => {
        const { dataExportCommand } = await import('./export.ts');
        process.exitCode = await dataExportCommand({ ...options, folder, target });
      },
    );
  data
    .command('info')
    .description('what a data folder holds')
    .argument('<folder>', 'data folder')
    .option('--json', 'print JSON')
    .action(async (folder: string, options: { json?: boolean }) => {
      const { dataInfoCommand } = await import('./info.ts');
      process.exitCode = dataInfoCommand({ ...options, folder });
    });
  data
    .command('check')
    .description('looks for faults in a data folder, and says what to do about each')
    .argument('<folder>', 'data folder')
    .option('--freq <freq>', 'bar length', 'day')
    .option('--price-jump <share>', 'change of a price in a day that is told of (default: 0.5)', Number)
    .option('--volume-jump <share>', 'change of a volume in a day that is told of (default: 3)', Number)
    .option('--missing <n>', 'days without a value that are nothing to tell (default: 0)', Number)
    .option('--all', 'list every finding')
    .option('--json', 'print JSON')
    .option('--strict', 'end with 1 for warnings, too')
    .action(async (folder: string, options: Omit<DataCheckArguments, 'folder'>) => {
      const { dataCheckCommand } = await import('./check.ts');
      process.exitCode = dataCheckCommand({ ...options, folder });
    });
  data
    .command('market')
    .description('makes a market from a list of names or a rule')
    .argument('<folder>', 'data folder')
    .argument('<name>', 'name of the market')
    .option('--list <names>', 'names with commas, or @FILE with one a line')
    .option('--rule <expression>', 'members on the days on which it holds, such as "Mean($volume,20)>1e6"')
    .option('--overwrite', 'replace the market file')
    .action(async (folder: string, name: string, options: Omit<DataMarketArguments, 'folder' | 'name'>) => {
      const { dataMarketCommand } = await import('./market.ts');
      process.exitCode = await dataMarketCommand({ ...options, folder, name });
    });
  data
    .command('explain')
    .description('prints the steps that compute expressions')
    .argument('<expressions...>', 'such as "Mean($close,5)/$close"')
    .option('--days <n>', 'days to plan for', wholeNumber('--days', 1, 1e7), 250)
    .action(async (expressions: string[], { days }: { days: number }) => {
      const { dataExplainCommand } = await import('./explain.ts');
      process.exitCode = dataExplainCommand(expressions, days);
    });
}
