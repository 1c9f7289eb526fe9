import { formatTime } from '../../components/core/dates.ts';
import type { Explanation, FeatureTrace, ScoreInfo } from './explanation.ts';
import { aligned, number, plain, scoreText } from './text-columns.ts';
import { tradeLines } from './trade-text.ts';

export interface TextOptions {
  /** Show only so many features, those that add most to the score first. */
  readonly top?: number | undefined;
}

/** The explanation as a terminal shows it. */
export function explanationText(explanation: Explanation, { top }: TextOptions = {}): string {
  const { run, instrument, time, bar, features, days } = explanation;
  const lines = [
    `${plain(instrument)} on ${formatTime(time)} in run ${run}`,
    '',
    'bar (adjusted, and as traded)',
  ];
  if (bar.length === 0) lines.push('  no row: not listed on that day, or not traded');
  else
    lines.push(
      ...aligned(
        bar.map(({ field, value, raw }) => [field, number(value), raw === undefined ? '' : number(raw)]),
      ),
    );
  lines.push('', ...featureLines(features, top), '', ...scoreLines(explanation));
  for (const day of days) lines.push('', ...tradeLines(explanation, day));
  return `${lines.join('\n')}\n`;
}

function featureLines({ steps, columns }: FeatureTrace, top: number | undefined): string[] {
  if (columns.length === 0) return ['features', '  the dataset has no row of it on that day'];
  const tells = columns.some((c) => c.contribution !== undefined);
  const size = (c: (typeof columns)[number]) => Math.abs(c.contribution ?? 0);
  const shown = top === undefined ? columns : [...columns].sort((a, b) => size(b) - size(a)).slice(0, top);
  const head = [
    'column',
    'loaded',
    ...steps.map(({ name }, i) => `${i + 1} ${name}`),
    ...(tells ? ['adds'] : []),
    'expression',
  ];
  const rows = shown.map((c) => [
    [c.group, c.name]
      .filter(Boolean)
      .map((part) => plain(part!))
      .join('.'),
    number(c.raw),
    ...c.after.map((value, i) =>
      value === undefined
        ? 'dropped'
        : Object.is(value, i === 0 ? c.raw : c.after[i - 1])
          ? '='
          : number(value),
    ),
    ...(tells ? [c.contribution === undefined ? '' : number(c.contribution)] : []),
    plain(c.expression ?? ''),
  ]);
  const title = `features and labels: ${columns.length} columns${shown.length < columns.length ? `, the ${shown.length} that add most` : ''}, ${steps.length} ${steps.length === 1 ? 'step' : 'steps'} (= unchanged)`;
  const places = steps.map(({ place, name }, i) => `  ${i + 1} ${name} (${place})`);
  return [title, ...places, ...aligned([head, ...rows], { last: 'left' })];
}

function scoreLines({ score, model, modelScore, time }: Explanation): string[] {
  if (!score) {
    const gives = modelScore === undefined ? '' : `; ${plain(model)} would give ${number(modelScore)}`;
    return ['score', `  the run has no score of it on ${formatTime(time)}${gives}`];
  }
  return ['score', `  ${scoreText(score)}${told(score, model)}`];
}

function told({ recomputed, start, score }: ScoreInfo, model: string): string {
  if (recomputed === undefined) return model ? ` by ${plain(model)}` : '';
  const agrees = Math.abs(recomputed - score) <= 1e-5 * Math.max(1e-3, Math.abs(score));
  return ` by ${plain(model)}: ${number(start ?? 0)} and what the features add make ${number(recomputed)}${agrees ? '' : ', which is not the recorded score: data or code have changed since'}`;
}
