import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { lowerBound } from '../../core/dates.ts';
import type { Panel } from '../../core/panel.ts';
import type { BinFolder } from '../bins.ts';
import { crossSectionOperators } from '../expression/ops/cross-section.ts';
import { type Operators, parseExpression } from '../expression/parse.ts';
import { type Call, type Tree, treeSource } from '../expression/tree.ts';
import type { FeatureRequest } from '../provider.ts';
import { dayKernel } from './kernels.ts';

const names = new Set(crossSectionOperators.map((o) => o.name));
const pattern = new RegExp(`\\b(?:${[...names].join('|')})\\s*\\(`);

/** Does any of the fields look across instruments? */
export function hasCrossSection(fields: FeatureRequest['fields']): boolean {
  return fields.some((f) => pattern.test(f.expression));
}

export interface CrossSectionOptions {
  readonly request: FeatureRequest;
  readonly bins: BinFolder;
  readonly times: Float64Array;
  readonly operators: Operators;
  /** Computes features without calls across instruments. */
  readonly features: (request: FeatureRequest) => Promise<Panel>;
}

/**
 * Features of which some look across the instruments that are asked for. Innermost calls come first: their arguments are computed for all days of the calendar, each
 * day goes through the kernel, and the result becomes a bin in a folder of its own that the rest of the expression reads like a field. Days on which
 * an instrument is outside of its spans do not count.
 */
export async function crossSectionFeatures(options: CrossSectionOptions): Promise<Panel> {
  const { request, bins, features, operators } = options;
  const folder = mkdtempSync(join(tmpdir(), 'qrun-cross-'));
  const known = new Map<string, string>();
  try {
    const fields: FeatureRequest['fields'][number][] = [];
    for (const field of request.fields) {
      const tree = pattern.test(field.expression) ? parseExpression(field.expression, operators) : undefined;
      fields.push(tree ? { ...field, expression: await replaced(tree, folder, known, options) } : field);
    }
    return await features({ ...request, fields });
  } finally {
    for (const name of known.values()) bins.giveBack(name.slice(1));
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The text of an expression with its calls across instruments replaced by fields. */
async function replaced(
  tree: Tree,
  folder: string,
  known: Map<string, string>,
  options: CrossSectionOptions,
): Promise<string> {
  if (tree.kind !== 'call') return treeSource(tree);
  const args: string[] = [];
  for (const arg of tree.args) args.push(await replaced(arg, folder, known, options));
  const text = `${tree.operator.name}(${args.join(', ')})`;
  if (!names.has(tree.operator.name)) return text;
  let name = known.get(text);
  if (name === undefined) {
    name = `$${options.bins.freshName()}`;
    await makeField(tree, args, name.slice(1), folder, options);
    known.set(text, name);
  }
  return name;
}

async function makeField(
  { operator }: Call,
  args: readonly string[],
  name: string,
  folder: string,
  { request, bins, times, features }: CrossSectionOptions,
): Promise<void> {
  const { index, columns } = await features({
    ...request,
    fields: args.map((expression, i) => ({ group: null, name: String(i), expression })),
    start: null,
    end: null,
    onProgress: undefined,
  });
  const kernel = dayKernel(operator.name);
  const widest = index.times.reduce(
    (most, _, t) => Math.max(most, index.offsets[t + 1]! - index.offsets[t]!),
    0,
  );
  const day = new Float64Array(widest);
  const out = new Map<number, { start: number; values: number[] }>();
  for (let t = 0; t < index.times.length; t++) {
    const [from, to] = [index.offsets[t]!, index.offsets[t + 1]!];
    kernel(
      columns.map((c) => c.values.subarray(from, to)),
      day,
    );
    const place = lowerBound(times, index.times[t]!);
    for (let row = from; row < to; row++) {
      const code = index.codes[row]!;
      const own = out.get(code) ?? { start: place, values: [] };
      out.set(code, own);
      while (own.start + own.values.length < place) own.values.push(Number.NaN);
      own.values.push(day[row - from]!);
    }
  }
  for (const [code, { start, values }] of out) {
    const file = join(folder, `${code}.${name}.bin`);
    writeFileSync(file, new Uint8Array(Float32Array.from([start, ...values]).buffer));
    bins.lend(index.instruments[code]!, name, { file, start, length: values.length });
  }
}
