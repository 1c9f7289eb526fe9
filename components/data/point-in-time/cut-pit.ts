import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeFolder } from '../../core/make-folder.ts';
import type { DataFolder } from '../folder.ts';
import { readPitField } from './pit-field.ts';
import { PitFolder } from './pit-folder.ts';
import { pitBytes } from './write-pit.ts';

/** Copies the point-in-time fields of a data folder as they were at the end of a day, 20190425. Fields of which nothing was known are left out. */
export function cutPitFolder(source: DataFolder, target: string, date: number): void {
  const pit = new PitFolder(source);
  for (const instrument of source.financialFolders())
    for (const name of pit.fields(instrument)) {
      const files = pit.find(instrument, name);
      if (!files) continue;
      const isQuarterly = name.endsWith('_q');
      const field = readPitField(files, `${instrument} $$${name}`, isQuarterly);
      const count = field.dates.findLastIndex((own) => own <= date) + 1;
      if (count === 0) continue;
      const folder = join(target, 'financial', instrument);
      makeFolder(folder);
      const { data, index } = pitBytes(
        Array.from({ length: count }, (_, r) => ({
          date: field.dates[r]!,
          period: field.periods[r]!,
          value: field.values[r]!,
        })),
        isQuarterly,
      );
      writeFileSync(join(folder, `${name}.data`), data);
      writeFileSync(join(folder, `${name}.index`), index);
    }
}
