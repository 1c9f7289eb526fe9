import { UserError } from '../../components/core/errors.ts';
import { freqKey, parseFreq } from '../../components/core/freq.ts';
import type { PortAnaRecordOptions } from './options.ts';

/** Frequencies, `1day`, of the levels of an executor's config that have portfolio metrics, outermost first. */
export function reportFreqs(executor: unknown): string[] {
  const found: string[] = [];
  let level: unknown = executor;
  while (isMapping(level)) {
    const kwargs: unknown = level['kwargs'];
    if (!isMapping(kwargs)) break;
    if (kwargs['generate_portfolio_metrics'] === true && typeof kwargs['time_per_step'] === 'string')
      found.push(freqKey(kwargs['time_per_step']));
    level = kwargs['inner_executor'];
  }
  return found;
}

/** Which levels are analysed. */
export interface AnalysedFreqs {
  /** All levels with portfolio metrics. */
  readonly all: readonly string[];
  readonly risk: readonly string[];
  readonly indicator: readonly string[];
}

/** @throws UserError where no level has portfolio metrics (qlib: IndexError), or a frequency is none. */
export function analysedFreqs(
  executor: unknown,
  { risk_analysis_freq, indicator_analysis_freq }: PortAnaRecordOptions,
): AnalysedFreqs {
  const all = reportFreqs(executor);
  const [outermost] = all;
  const read = (given: string | readonly string[] | null | undefined, key: string): string[] => {
    if (given === null || given === undefined) {
      if (outermost !== undefined) return [outermost];
      throw new UserError('no level of the executor has portfolio metrics', {
        hint: 'set generate_portfolio_metrics: true in the kwargs of the executor',
        path: ['config', 'executor'],
      });
    }
    if (typeof given === 'string') return [keyOf(given, [key])];
    return given.map((freq, i) => keyOf(freq, [key, i]));
  };
  return {
    all,
    risk: read(risk_analysis_freq, 'risk_analysis_freq'),
    indicator: read(indicator_analysis_freq, 'indicator_analysis_freq'),
  };
}

function keyOf(freq: string, path: (string | number)[]): string {
  parseFreq(freq, path);
  return freqKey(freq);
}

function isMapping(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
