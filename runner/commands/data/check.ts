import { defaultLimits } from '../../../components/data/check/check-bins.ts';
import { checkData } from '../../../components/data/check/check-data.ts';
import { type Finding, kinds } from '../../../components/data/check/finding.ts';
import { reportError } from '../../report-error.ts';

export interface DataCheckArguments {
  readonly folder: string;
  readonly freq?: string;
  readonly priceJump?: number;
  readonly volumeJump?: number;
  readonly missing?: number;
  /** Lists every finding, not the first few of each kind. */
  readonly all?: boolean;
  readonly json?: boolean;
  /** Warnings end the command with 1, too. */
  readonly strict?: boolean;
}

const shown = 3;
const print = (line: string) => void process.stdout.write(`${line}\n`);

/** `qrun data check FOLDER`: what is wrong with a data folder, by kind, each with what to do; returns the exit code. */
export function dataCheckCommand(given: DataCheckArguments): number {
  try {
    const { folder, freq = 'day', all = false, json = false, strict = false } = given;
    const limits = {
      priceJump: given.priceJump ?? defaultLimits.priceJump,
      volumeJump: given.volumeJump ?? defaultLimits.volumeJump,
      missing: given.missing ?? defaultLimits.missing,
    };
    const { findings, instruments, days } = checkData(folder, { freq, limits });
    const errors = findings.filter((f) => f.level === 'error').length;
    if (json) print(JSON.stringify({ folder, instruments, days, findings }, null, 2));
    else {
      for (const level of ['error', 'warning'])
        for (const [kind, list] of byKind(findings.filter((f) => f.level === level)))
          printKind(kind, list, all);
      print(
        `${folder}: ${instruments} instruments, ${days} ${freq === 'day' ? 'days' : 'times'}: ${findings.length === 0 ? 'no fault found' : `${errors} errors, ${findings.length - errors} warnings`}`,
      );
    }
    return errors > 0 || (strict && findings.length > 0) ? 1 : 0;
  } catch (error) {
    return reportError(error, false);
  }
}

function byKind(findings: readonly Finding[]): Map<string, Finding[]> {
  const groups = new Map<string, Finding[]>(Object.keys(kinds).map((kind) => [kind, []]));
  for (const finding of findings) groups.get(finding.kind)?.push(finding);
  return groups;
}

function printKind(kind: string, list: readonly Finding[], all: boolean): void {
  if (list.length === 0) return;
  const { title = kind, fix = '' } = kinds[kind] ?? {};
  print(`${list[0]!.level}: ${title} (${list.length})`);
  for (const { where, text } of all ? list : list.slice(0, shown)) print(`  ${where}: ${text}`);
  if (!all && list.length > shown) print(`  and ${list.length - shown} more (--all lists them)`);
  print(`  fix: ${fix}`);
}
