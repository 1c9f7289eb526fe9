import { UserError } from '../../core/errors.ts';
import { nearest } from '../../core/nearest.ts';
import type { Panel } from '../../core/panel.ts';
import { endOfDay } from '../time-option.ts';
import type { DataLoader } from '../types.ts';

/** A loader over a panel that is already there: rows of the asked instruments (null: all) and times. Source: qlib `StaticDataLoader`. */
export function staticLoader(panel: Panel): DataLoader {
  return {
    async load(instruments, start, end) {
      const wanted = instruments === null || instruments === undefined ? null : namesOf(instruments);
      if (wanted) checkKnown(panel, wanted);
      const chosen = wanted ? ofInstruments(panel, wanted) : panel;
      return chosen.between(start, endOfDay(end));
    },
  };
}

/** Asked for an instrument that the data does not have: pandas' KeyError. */
export class AbsentInstrument extends UserError {}

function checkKnown({ index }: Panel, wanted: ReadonlySet<string>): void {
  const known = new Set(index.instruments);
  const absent = [...wanted].find((name) => !known.has(name));
  if (absent === undefined) return;
  const near = nearest(absent, known);
  throw new AbsentInstrument(`the files have no instrument "${absent.slice(0, 100)}"`, {
    hint: `${near ? `did you mean "${near}"? ` : ''}markets are not known here; instruments: null takes all that is there`,
  });
}

function namesOf(instruments: unknown): ReadonlySet<string> {
  if (typeof instruments === 'string') return new Set([instruments]);
  if (Array.isArray(instruments)) return new Set(instruments.map(String));
  if (instruments instanceof Map) return new Set([...instruments.keys()].map(String));
  throw new Error('a static loader knows instruments by name only');
}

/** The rows of some instruments. */
export function ofInstruments(panel: Panel, names: ReadonlySet<string>): Panel {
  const { index } = panel;
  const wanted = index.instruments.map((name) => names.has(name));
  const rows: number[] = [];
  index.codes.forEach((code, row) => {
    if (wanted[code]) rows.push(row);
  });
  return rows.length === index.length ? panel : panel.take(Uint32Array.from(rows));
}
