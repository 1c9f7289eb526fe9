import type { FieldSpec } from '../provider.ts';
import { makePlan } from './plan.ts';

/**
 * What is done for each instrument to compute fields, one step a line, in the order in which it runs: `v7 f64 = mean 5 (v3)  -> MA5`. Columns that
 * a step reads are cut to the days behind `@`, counted from the first day asked for; `$` steps read a bin.
 * @throws UserError for a bad expression
 */
export function explainPlan(fields: readonly FieldSpec[], days = 250): string {
  const origin = 10_000;
  const plan = makePlan(
    fields.map((f) => f.expression),
    { from: origin, to: origin + days },
  );
  const lines = plan.steps.map(({ step, inputs, outputs, clips, fields: written, days: span, source }) => {
    const made = step.outputs
      .map((value, i) => `v${outputs[i]} ${value.dtype}${step.names[i] ? ` ${step.names[i]}` : ''}`)
      .join(', ');
    const cut = (i: number) => {
      const clip = clips[i];
      return clip ? `@${clip.from - origin}:${clip.to - origin}` : '';
    };
    const read = inputs.map((id, i) => `v${id}${cut(i)}`).join(', ');
    const place = source >= 0 ? ` days ${span.from - origin}:${span.to - origin}` : ` (${read})`;
    const names = written.map((i) => fields[i]!.name).join(', ');
    return `${made} = ${step.label}${place}${names ? `  -> ${names}` : ''}`;
  });
  const summary = `${fields.length} fields, ${plan.sources.length} columns read, ${plan.steps.length} steps, at most ${plan.slots} columns of ${plan.rows} days at a time`;
  return [summary, ...lines].join('\n');
}
