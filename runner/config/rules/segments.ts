import { formatTime, parseTime, type Time } from '../../../components/core/dates.ts';
import { type KeyPath, UserError } from '../../../components/core/errors.ts';
import { editDistance } from '../../../components/core/nearest.ts';
import type { FoundComponent } from '../check-component.ts';
import { isMapping } from '../spec.ts';
import type { Findings } from '../types.ts';
import { rangeError } from './values.ts';

export interface NamedSegment {
  readonly name: string;
  readonly start: Time | null;
  readonly end: Time | null;
  readonly path: KeyPath;
}

const roles = ['train', 'valid', 'test'];

/** The well-formed segments of a dataset's kwargs, in the order of the file. */
export function segmentsOf({ kwargs, kwargsPath }: FoundComponent): NamedSegment[] {
  const segments = kwargs['segments'];
  if (!isMapping(segments)) return [];
  return Object.entries(segments).flatMap(([name, value]) => {
    if (!Array.isArray(value) || value.length !== 2) return [];
    const [start, end] = value.map((v) =>
      v === null ? null : typeof v === 'string' ? parseTime(v) : undefined,
    );
    if (start === undefined || end === undefined) return [];
    return [{ name, start, end, path: [...kwargsPath, 'segments', name] }];
  });
}

/** Segments that are upside down, misspelt, missing, shared or out of order, or that the handler's data does not cover. */
export function checkSegments(dataset: FoundComponent, handler: FoundComponent | undefined): Findings {
  const segments = segmentsOf(dataset);
  const { kwargs, kwargsPath } = dataset;
  const given = isMapping(kwargs['segments']) ? kwargs['segments'] : undefined;
  const errors: UserError[] = [];
  const warnings: UserError[] = [];
  if (given) errors.push(...checkNames(Object.keys(given), [...kwargsPath, 'segments']));
  for (const [name, range] of Object.entries(given ?? {})) {
    const error = Array.isArray(range) ? rangeError(range[0], range[1]) : undefined;
    if (error) errors.push(error.within([...kwargsPath, 'segments', name]));
  }
  const ordered = segments.filter(
    (s) => (s.start ?? Number.NEGATIVE_INFINITY) <= (s.end ?? Number.POSITIVE_INFINITY),
  );
  warnings.push(...checkOrder(ordered.filter((s) => roles.includes(s.name))));
  if (handler) {
    const covered = checkCoverage(ordered, handler);
    errors.push(...covered.errors);
    warnings.push(...covered.warnings, ...checkFit(ordered, handler));
  }
  return { errors, warnings };
}

function checkNames(names: readonly string[], path: KeyPath): UserError[] {
  const errors: UserError[] = [];
  for (const role of roles) {
    if (names.includes(role)) continue;
    const slip = names.find((name) => !roles.includes(name) && isSlipOf(name, role));
    if (slip !== undefined)
      errors.push(
        new UserError(`unknown segment "${slip.slice(0, 100)}"`, {
          hint: `did you mean "${role}"? it is missing, and known segments are train, valid and test`,
          path: [...path, slip],
        }),
      );
    else if (role !== 'valid')
      errors.push(
        new UserError(`required segment "${role}" is missing`, {
          hint: role === 'train' ? 'the model learns from it' : 'predictions are made for it',
          path,
        }),
      );
  }
  return errors;
}

function isSlipOf(name: string, role: string): boolean {
  const plain = name.toLowerCase();
  return (
    editDistance(plain, role) <= (role === 'test' ? 1 : 2) ||
    plain === `${role}ing` ||
    plain === `${role}ation`
  );
}

const from = (s: NamedSegment) => s.start ?? Number.NEGATIVE_INFINITY;
const to = (s: NamedSegment) => s.end ?? Number.POSITIVE_INFINITY;
const show = (time: Time) => (Number.isFinite(time) ? formatTime(time) : 'the end of the calendar');

/** Days in two segments, and learning from days after those that are predicted. */
function checkOrder(segments: readonly NamedSegment[]): UserError[] {
  const warnings: UserError[] = [];
  const sorted = roles.flatMap((role) => segments.filter((s) => s.name === role));
  for (const [i, earlier] of sorted.entries())
    for (const later of sorted.slice(i + 1)) {
      const [first, last] = [Math.max(from(earlier), from(later)), Math.min(to(earlier), to(later))];
      if (first <= last)
        warnings.push(
          new UserError(
            `the segment ${later.name} overlaps ${earlier.name}: both have ${span(first, last)}`,
            {
              hint: 'what the model has learned from says nothing about how well it predicts',
              path: later.path,
            },
          ),
        );
      else if (from(earlier) > to(later))
        warnings.push(
          new UserError(`the segment ${earlier.name} begins after ${later.name} ends: a look-ahead leak`, {
            hint: `${earlier.name} from ${show(from(earlier))}, ${later.name} to ${show(to(later))}: the model has seen the future`,
            path: earlier.path,
          }),
        );
    }
  return warnings;
}

const span = (first: Time, last: Time) =>
  first === last
    ? show(first)
    : `${Number.isFinite(first) ? formatTime(first) : 'the beginning'} to ${show(last)}`;

/** Segments against `start_time` and `end_time` of the handler: no data beyond them. */
function checkCoverage(segments: readonly NamedSegment[], handler: FoundComponent): Findings {
  const errors: UserError[] = [];
  const warnings: UserError[] = [];
  const [start, end] = [timeOf(handler, 'start_time'), timeOf(handler, 'end_time')];
  for (const segment of segments) {
    const beyond =
      end !== undefined && to(segment) > end && Number.isFinite(to(segment))
        ? `ends ${show(to(segment))}, after the handler's end_time ${show(end)}`
        : start !== undefined && from(segment) < start && Number.isFinite(from(segment))
          ? `begins ${show(from(segment))}, before the handler's start_time ${show(start)}`
          : undefined;
    const isEmpty =
      (end !== undefined && from(segment) > end) || (start !== undefined && to(segment) < start);
    if (isEmpty)
      errors.push(
        new UserError(
          `the segment ${segment.name} has no data: it lies outside of the handler's start_time and end_time`,
          {
            hint: `${segment.name} ${span(from(segment), to(segment))}, the handler ${rangeOf(start, end)}`,
            path: segment.path,
          },
        ),
      );
    else if (beyond)
      warnings.push(
        new UserError(`the segment ${segment.name} ${beyond}: there is no data there`, {
          path: segment.path,
        }),
      );
  }
  return { errors, warnings };
}

const rangeOf = (start: Time | undefined, end: Time | undefined) =>
  `${start === undefined ? 'from the beginning' : `from ${show(start)}`}${end === undefined ? '' : ` to ${show(end)}`}`;

/** Processors that learn from days that are tested. */
function checkFit(segments: readonly NamedSegment[], handler: FoundComponent): UserError[] {
  const [start, end] = [timeOf(handler, 'fit_start_time'), timeOf(handler, 'fit_end_time')];
  const [first, last] = [timeOf(handler, 'start_time'), timeOf(handler, 'end_time')];
  if (
    (end !== undefined && first !== undefined && end < first) ||
    (start !== undefined && last !== undefined && start > last)
  )
    return [
      new UserError(
        `the processors learn from no day: ${rangeOf(start, end).replace(/^from /, 'fit_start_time to fit_end_time is ')}, the data of the handler ${rangeOf(first, last)}`,
        { hint: 'what they learn is NaN then', path: [...handler.kwargsPath, 'fit_start_time'] },
      ),
    ];
  const test = segments.find((s) => s.name === 'test');
  if (end === undefined || !test || from(test) > end || (start !== undefined && to(test) < start)) return [];
  return [
    new UserError(
      `the processors learn from days of the segment test: fit_end_time ${show(end)}, test from ${show(from(test))}`,
      {
        hint: 'a look-ahead leak: let fit_end_time be the end of train',
        path: [...handler.kwargsPath, 'fit_end_time'],
      },
    ),
  ];
}

function timeOf({ kwargs }: FoundComponent, key: string): Time | undefined {
  const value = kwargs[key];
  return typeof value === 'string' ? parseTime(value) : undefined;
}
