import { lowerBound, type Time, upperBound } from '../core/dates.ts';
import { parseFreq } from '../core/freq.ts';
import { timeAfter } from './calendars.ts';

/** A step's time, both ends included. `end` is one second before the next step begins. */
export interface StepTime {
  readonly start: Time;
  readonly end: Time;
}

/** The steps of one level of execution and which of them is on: qlib's TradeCalendarManager. */
export class TradeCalendar {
  #startTime: Time = Number.NaN;
  #endTime: Time = Number.NaN;
  #first = 0;
  #length = 0;
  #step = 0;

  /** @param times where steps begin, over the whole calendar */
  constructor(
    readonly freq: string,
    readonly times: Float64Array,
  ) {}

  /** Begins anew with the steps that begin in [start, end]. A step that began before `start` is left out. */
  reset(start: Time, end: Time): void {
    this.#startTime = start;
    this.#endTime = end;
    this.#first = lowerBound(this.times, start);
    this.#length = Math.max(0, upperBound(this.times, end) - this.#first);
    this.#step = 0;
  }

  get startTime(): Time {
    return this.#startTime;
  }

  get endTime(): Time {
    return this.#endTime;
  }

  /** Number of steps. */
  get length(): number {
    return this.#length;
  }

  /** Index of the step that is on. */
  get step(): number {
    return this.#step;
  }

  get finished(): boolean {
    return this.#step >= this.#length;
  }

  next(): void {
    if (this.finished) throw new Error('the trade calendar has ended');
    this.#step++;
  }

  /**
   * Time of a step, `shift` steps before it. Before the calendar's first day there is nothing: the end lies
   * before the start, so that every look-up finds nothing (as in qlib, where index -1 is the last day). After
   * its last day the step ends where its frequency says; qlib raises IndexError there.
   */
  stepTime(step: number = this.#step, shift = 0): StepTime {
    const { times } = this;
    const at = this.#first + step - shift;
    if (at < 0 || at >= times.length)
      return { start: Number.POSITIVE_INFINITY, end: Number.NEGATIVE_INFINITY };
    const next = at + 1 < times.length ? times[at + 1]! : timeAfter(times[at]!, parseFreq(this.freq));
    return { start: times[at]!, end: next - 1000 };
  }

  /** Steps that [start, end] touches, cut to the steps there are: both ends included. */
  range(start: Time, end: Time): readonly [number, number] {
    const clip = (time: Time) =>
      Math.min(Math.max(0, upperBound(this.times, time) - 1 - this.#first), this.#length - 1);
    return [clip(start), clip(end)];
  }
}
