import type { LogBatch } from '../store.ts';

/** Characters that servers of MLflow keep of a value; they cut the rest off without a word, or refuse it. */
const kept = { params: 6000, tags: 8000 } as const;

/** A value that a server can't keep whole. */
export interface LongValue {
  readonly kind: 'param' | 'tag';
  readonly key: string;
  readonly value: string;
  readonly kept: number;
  /** Where the whole value is kept instead. */
  readonly artifact: string;
}

type Pairs = readonly (readonly [key: string, value: string])[];

/** Cuts values at what a server keeps, and tells which were cut. */
export function cutLongValues(batch: LogBatch): { batch: LogBatch; long: LongValue[] } {
  const long: LongValue[] = [];
  const cut = (kind: 'params' | 'tags', pairs: Pairs): Pairs =>
    pairs.map(([key, value]) => {
      const most = kept[kind];
      if (value.length <= most) return [key, value];
      // counted as Python does, a surrogate pair once
      const characters = [...value];
      if (characters.length <= most) return [key, value];
      const artifact = `long_values/${kind}/${key}.txt`;
      long.push({ kind: kind === 'params' ? 'param' : 'tag', key, value, kept: most, artifact });
      return [key, characters.slice(0, most).join('')];
    });
  const { params = [], tags = [] } = batch;
  return { batch: { ...batch, params: cut('params', params), tags: cut('tags', tags) }, long };
}
