import { dayMs, formatTime, type Time } from '../../../components/core/dates.ts';
import { UserError } from '../../../components/core/errors.ts';
import { type Operators, parseExpression } from '../../../components/data/expression/parse.ts';
import { aheadOf, type Tree, windowOf } from '../../../components/data/expression/tree.ts';
import type { FoundComponent, FoundExpression, Inventory } from '../check-component.ts';
import { type NamedSegment, segmentsOf } from './segments.ts';

/** Features that read later days than their own: `Ref($close, -1)`. */
export function checkFeatureLeaks(
  expressions: readonly FoundExpression[],
  operators?: Operators,
): UserError[] {
  return expressions.flatMap(({ text, path }) => {
    if (!path.includes('feature') || path.includes('label')) return [];
    const { tree, days } = read(text, operators);
    const rows = tree ? aheadOf(tree) : 0;
    if (rows > 0 && rows !== days)
      return [
        new UserError(
          `the feature ${text.slice(0, 100)} looks ${Number.isFinite(rows) ? `up to ${rows} rows` : 'any number of rows'} ahead: a look-ahead leak`,
          {
            hint: 'DayLast knows the last value of its day, here taken to have 240 rows, and BFillNan the next one: put a Ref(..., N) around the whole that is as long',
            path,
          },
        ),
      ];
    if (rows <= 0) return [];
    return [
      new UserError(`the feature ${text.slice(0, 100)} looks ${daysText(days)} ahead: a look-ahead leak`, {
        hint: 'a negative Ref reads days to come, which only a label may do',
        path,
      }),
    ];
  });
}

/** Segments that follow one another so closely that the last labels of the earlier one are made of prices of the later one. */
export function checkHorizon({ components, expressions }: Inventory, operators?: Operators): UserError[] {
  return components
    .filter((c) => c.kind === 'dataset')
    .flatMap((dataset) => {
      const horizon = horizonOf(dataset, components, expressions, operators);
      const segments = segmentsOf(dataset).filter((s) => ['train', 'valid', 'test'].includes(s.name));
      return horizon === 0
        ? []
        : segments.flatMap((later) => segments.flatMap((earlier) => near(earlier, later, horizon)));
    });
}

/** The most days after its own that a label of any dataset of the workflow reads. */
export function labelHorizon({ components, expressions }: Inventory, operators?: Operators): number {
  const datasets = components.filter((c) => c.kind === 'dataset');
  return Math.max(0, ...datasets.map((d) => horizonOf(d, components, expressions, operators)));
}

function near(earlier: NamedSegment, later: NamedSegment, horizon: number): UserError[] {
  if (earlier.name === 'test' || earlier.end === null || later.start === null || earlier.end >= later.start)
    return [];
  const gap = weekdaysAfter(earlier.end, later.start);
  if (gap > horizon) return [];
  return [
    new UserError(
      `the segment ${later.name} begins ${formatTime(later.start)}, ${daysText(gap)} after ${earlier.name} ends, but the label looks ${daysText(horizon)} ahead`,
      {
        hint: `the last labels of ${earlier.name} are made of prices of ${later.name}: leave ${daysText(horizon)} between them`,
        path: later.path,
      },
    ),
  ];
}

const daysText = (days: number) => (days === 1 ? '1 day' : `${Number.isFinite(days) ? days : 'all'} days`);

/** Weekdays in (from, to], no more than are looked at: trading days are some of them. */
function weekdaysAfter(from: Time, to: Time): number {
  let count = 0;
  for (let day = Math.floor(from / dayMs) * dayMs + dayMs; day <= to && count < 1000; day += dayMs)
    if (![0, 6].includes(new Date(day).getUTCDay())) count++;
  return count;
}

/** The label of Alpha158 and Alpha360 where the config gives none: Ref($close, -2) / Ref($close, -1) - 1. */
const usualHorizon = 2;

function horizonOf(
  dataset: FoundComponent,
  components: readonly FoundComponent[],
  expressions: readonly FoundExpression[],
  operators: Operators | undefined,
): number {
  const isBelow = (path: readonly (string | number)[]) => dataset.path.every((step, i) => step === path[i]);
  const labels = expressions.filter(({ path }) => isBelow(path) && path.includes('label'));
  if (labels.length > 0) return Math.max(...labels.map(({ text }) => daysAhead(text, operators)));
  const handler = components.find((c) => c.kind === 'handler' && isBelow(c.path));
  return handler && /^Alpha(?:158|360)/.test(handler.name) && handler.kwargs['label'] === undefined
    ? usualHorizon
    : 0;
}

/** Days after its own that an expression reads. */
function daysAhead(text: string, operators: Operators | undefined): number {
  return read(text, operators).days;
}

/** An expression, and the days after its own that it reads; none and 0 for one that does not parse, which is told elsewhere. */
function read(text: string, operators: Operators | undefined): { tree: Tree | null; days: number } {
  try {
    const tree = parseExpression(text, operators);
    return { tree, days: Math.max(0, windowOf(tree).right) };
  } catch (error) {
    if (error instanceof UserError) return { tree: null, days: 0 };
    throw error;
  }
}
