import { readFileSync } from 'node:fs';
import { UserError } from '../../../components/core/errors.ts';
import { WorkerPool } from '../../../components/core/workers.ts';
import { openData } from '../../../components/data/folder-provider.ts';
import { marketOfList, marketOfRule, writeMarket } from '../../../components/data/import/make-market.ts';
import { reportError } from '../../report-error.ts';
import { splitList } from './split-list.ts';

export interface DataMarketArguments {
  readonly folder: string;
  readonly name: string;
  /** Names with commas, or `@FILE` with one a line. */
  readonly list?: string;
  readonly rule?: string;
  readonly overwrite?: boolean;
}

/** `qrun data market FOLDER NAME --list ... | --rule EXPR`; returns the exit code. */
export async function dataMarketCommand(given: DataMarketArguments): Promise<number> {
  const pool = new WorkerPool();
  try {
    const { folder, name, list, rule, overwrite = false } = given;
    if ((list === undefined) === (rule === undefined))
      throw new UserError('a market needs either --list or --rule', {
        hint: 'such as --list AAPL,MSFT, --list @names.txt, --rule "Mean($volume,20)>1e6"',
      });
    const data = openData(folder, {
      pool,
      log: {
        info() {},
        metric() {},
        progress() {},
        warn: (text) => void process.stderr.write(`warning: ${text}\n`),
      },
    });
    const spans =
      list === undefined
        ? await marketOfRule(data, rule!)
        : marketOfList(namesOf(list), await data.instruments('all'));
    writeMarket(folder, name, spans, overwrite);
    const count = [...spans.values()].reduce((sum, s) => sum + s.length, 0);
    process.stdout.write(
      `${folder}: market ${name.toLowerCase()}: ${spans.size} instruments in ${count} spans\n`,
    );
    return 0;
  } catch (error) {
    return reportError(error, false);
  } finally {
    await pool.close();
  }
}

function namesOf(list: string): string[] {
  if (!list.startsWith('@')) return splitList(list);
  try {
    return readFileSync(list.slice(1), 'utf8')
      .split(/[\r\n,]+/)
      .map((line) => line.split('\t')[0]!.trim())
      .filter((line) => line !== '' && !line.startsWith('#'));
  } catch (error) {
    throw new UserError(`--list ${list}: the file cannot be read`, { cause: error });
  }
}
