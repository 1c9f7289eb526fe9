import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { packageRoot } from '../../../components/core/package-root.ts';
import { checkWorkflow, formatErrors } from '../../../runner/config/index.ts';
import { fullCatalogue } from '../../../runner/context.ts';
import { Files } from './support.ts';

const demo = readFileSync(join(packageRoot(), 'configs/workflow_config_linear_Alpha158_demo.yaml'), 'utf8');
const files = new Files();
afterAll(() => files.remove());

/** The mistakes of the demo workflow with one text replaced. */
async function mistakes(from: string, to: string): Promise<string> {
  expect(demo.split(from).length, `"${from}" stands once`).toBe(2);
  files.write('w.yaml', demo.replace(from, to));
  const workflow = await files.read('w.yaml');
  return formatErrors((await checkWorkflow(workflow, fullCatalogue)).errors, workflow);
}

const strategy = 'task.record.2.kwargs.config.strategy';
const backtest = 'task.record.2.kwargs.config.backtest';

describe('what only the backtest would stumble over', () => {
  it.each([
    'null',
    '""',
    '[]',
    '5',
    '.nan',
    'true',
    '[1, 2]',
    '<MODEL>',
    'wrd',
    '{a: 1}',
    '[<PRED>, <DATASET>]',
    '[<DATASET>, <MODEL>]',
    ' 2018-06-01',
  ])('is told before: signal: %s', async (signal) => {
    const told = await mistakes('signal: <PRED>', `signal: ${signal}`);
    expect(told).toContain(`(${strategy}.kwargs.signal): must be a signal, got `);
    expect(told).toContain('allowed: scores (<PRED>), a pair [<MODEL>, <DATASET>], an expression');
  });

  it.each([
    '<PRED>',
    '[<MODEL>, <DATASET>]',
    'scores.csv',
    'Mean($close, 5)',
    '{expression: $close}',
    '<dataset.class>',
  ])('takes signal: %s', async (signal) => {
    expect(
      await mistakes('signal: <PRED>', `signal: ${JSON.stringify(signal).replace(/^"([[{].*)"$/, '$1')}`),
    ).toBe('');
  });

  it('reads the expression of a signal', async () => {
    expect(await mistakes('signal: <PRED>', 'signal: Mean($close, )')).toContain(
      `(${strategy}.kwargs.signal): expression`,
    );
    expect(await mistakes('signal: <PRED>', 'signal: {expression: "Maen($close, 5)"}')).toMatch(
      /signal\.expression\): .*"Maen"[\s\S]*did you mean Mean/,
    );
  });

  it('finds the class of a signal, or says that there is none', async () => {
    expect(await mistakes('signal: <PRED>', 'signal: {class: Nope}')).toContain(
      `(${strategy}.kwargs.signal.class): `,
    );
  });

  it.each(['../x', '" "', '"$close +"', '[close, "$open)"]'])(
    'is told before: deal_price: %s',
    async (price) => {
      expect(await mistakes('deal_price: close', `deal_price: ${price}`)).toContain(
        `(${backtest}.exchange_kwargs.deal_price`,
      );
    },
  );

  it.each(['[]', '[1]', '[[]]', '[null]', '{}', '5', 'true', '""', '.inf'])(
    'is told before: benchmark: %s',
    async (benchmark) => {
      expect(await mistakes('benchmark: *benchmark', `benchmark: ${benchmark}`)).toContain(
        `(${backtest}.benchmark`,
      );
    },
  );

  it.each([
    'codes: [1]',
    'codes: [[]]',
    'codes: 5',
    'codes: {a: 1}',
    'subscribe_fields: [{a: 1}]',
    'volume_threshold: {all: [cum, 5]}',
  ])('is told before: %s', async (line) => {
    expect(await mistakes('deal_price: close', line)).toContain(
      `(${backtest}.exchange_kwargs.${line.split(':')[0]}`,
    );
  });

  it.each(['<MODEL>', '<PRED>'])('no strategy and no record is %s', async (placeholder) => {
    expect(
      await mistakes('config: *port_analysis_config', `config: {strategy: ${placeholder}, backtest: {}}`),
    ).toContain(`(${strategy}): `);
    expect(await mistakes('  record:\n', `  record:\n    - ${placeholder}\n`)).toContain('(task.record.0): ');
  });
});
