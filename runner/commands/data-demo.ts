import { UserError } from '../../components/core/errors.ts';
import { normalizeDemoOptions } from '../../components/data/demo/options.ts';
import { isDemoMarket, writeDemoMarket } from '../../components/data/demo/write-market.ts';

export interface DataDemoArguments {
  readonly folder: string;
  readonly instruments?: string;
  readonly years?: string;
  readonly seed?: string;
  /** Where lines go; standard output by default. */
  readonly print?: (line: string) => void;
}

function toNumber(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (!/^\d{1,10}$/.test(text))
    throw new UserError(`--${name} ${text}`, { hint: 'allowed: a whole number', path: [name] });
  return Number(text);
}

/** `qrun data demo FOLDER`: writes the demo market, unless the folder already holds just that one. Returns the exit code. */
export async function dataDemoCommand(given: DataDemoArguments): Promise<number> {
  const { folder, print = (line) => void process.stdout.write(`${line}\n`) } = given;
  const market = normalizeDemoOptions({
    instruments: toNumber('instruments', given.instruments),
    years: toNumber('years', given.years),
    seed: toNumber('seed', given.seed),
  });
  const what = `${market.instruments} instruments, ${market.years} years, seed ${market.seed}`;
  if (isDemoMarket(folder, market)) {
    print(`${folder}: the demo market is there (${what})`);
    return 0;
  }
  const showProgress = process.stderr.isTTY === true && market.instruments * market.years > 10_000;
  writeDemoMarket(folder, {
    ...market,
    onProgress: (share) => {
      if (showProgress) process.stderr.write(share < 1 ? `\r${Math.floor(share * 100)} %` : '\r\x1b[K');
    },
  });
  print(`${folder}: wrote the demo market (${what})`);
  return 0;
}
