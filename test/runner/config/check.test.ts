import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { check, Files, workflowText } from './support.ts';

let files: Files;
beforeAll(() => {
  files = new Files();
});
afterAll(() => files.remove());

const errorsOf = async (lines: Readonly<Record<number, string>>) =>
  (await check(files, workflowText(lines))).errors;
const warningsOf = async (lines: Readonly<Record<number, string>>) => {
  const { errors, warnings } = await check(files, workflowText(lines));
  expect(errors).toBe('');
  return warnings;
};

describe('checkWorkflow', () => {
  it('finds nothing in a sound workflow', async () => {
    const { errors, warnings } = await check(files, workflowText());
    expect([errors, warnings]).toEqual(['', '']);
  });

  it('tells five mistakes in five messages, each with its line, in far less than a second', async () => {
    const text = workflowText({
      3: '  regoin: us',
      10: '      estimator: rigde',
      20: '          start_tme: 2017-01-03',
      31: '        tests: [2018-01-02, 2018-06-29]',
      41: '            kwargs: {signal: <PREDS>, topk: 5, n_drop: 1}',
    });
    const { errors } = await check(files, text);
    expect(errors).toBe(
      `w.yaml:3:3 (qlib_init.regoin): unknown key "regoin"
  did you mean "region"? allowed: ${errors.match(/allowed: (auto_mount.*)/)?.[1]}
w.yaml:10:7 (task.model.kwargs.estimator): unknown value "rigde"
  did you mean "ridge"? allowed: ols, ridge
w.yaml:20:11 (task.dataset.kwargs.handler.kwargs.start_tme): unknown key "start_tme"
  did you mean "start_time"? allowed: end_time, fit_end_time, fit_start_time, freq, infer_processors, instruments, label, start_time
w.yaml:31:9 (task.dataset.kwargs.segments.tests): unknown segment "tests"
  did you mean "test"? it is missing, and known segments are train, valid and test
w.yaml:41:22 (task.record.1.kwargs.config.strategy.kwargs.signal): unknown placeholder "<PREDS>"
  did you mean "<PRED>"? allowed: <DATASET>, <MODEL>, <PRED>`,
    );
  });

  it.each([
    [{ 5: 'taks:' }, 'w.yaml:5:1 (taks): unknown key "taks"\n  did you mean "task"?'],
    [{ 1: 'qlib_inti:' }, 'w.yaml:1:1 (qlib_inti): unknown key "qlib_inti"\n  did you mean "qlib_init"?'],
    [
      { 44: '            end_time: 2018-06-28\nexperiment_nmae: x' },
      'w.yaml:45:1 (experiment_nmae): unknown key "experiment_nmae"\n  did you mean "experiment_name"?',
    ],
    [
      { 44: '            end_time: 2018-06-28\nrecrod: x' },
      'w.yaml:45:1 (recrod): unknown key "recrod"\n  did you mean "record" below task? indent it there',
    ],
    [{ 6: '  modle:' }, 'w.yaml:6:3 (task.modle): unknown key "modle"\n  did you mean "model"?'],
    [{ 9: '    kwarg:' }, 'w.yaml:9:5 (task.model.kwarg): unknown key "kwarg"\n  did you mean "kwargs"?'],
    [
      { 8: '    modul_path: qlib.contrib.model.linear' },
      'w.yaml:8:5 (task.model.modul_path): unknown key "modul_path"\n  did you mean "module_path"?',
    ],
    [
      { 7: '    clas: LinearModel' },
      'w.yaml:7:5 (task.model.clas): unknown key "clas"\n  did you mean "class"?',
    ],
  ])('refuses a misspelt key wherever it stands: %j', async (lines, message) => {
    const errors = await errorsOf(lines);
    expect(errors).toContain(message);
    expect(errors).not.toContain('is missing\n');
  });

  it.each([
    [{ 10: '      estimator: 5' }, '(task.model.kwargs.estimator): must be "ols" or "ridge", got 5'],
    [
      { 11: '      alpha: "0.05"' },
      '(task.model.kwargs.alpha): must be a number, got the string "0.05"\n  write 0.05 without quotes',
    ],
    [
      { 11: '      alpha: .nan' },
      '(task.model.kwargs.alpha): must be a number, got nan\n  only finite numbers are allowed',
    ],
    [
      { 11: '      alpha: -1' },
      '(task.model.kwargs.alpha): must be at least 0, got -1\n  weight of the penalty',
    ],
    [
      { 11: '      is_fast: no' },
      '(task.model.kwargs.is_fast): must be true or false or null, got the string "no"\n  no is a string in YAML 1.2: write false',
    ],
    [
      { 11: '      limit: None' },
      '(task.model.kwargs.limit): must be a number, a list or null, got the string "None"\n  None is a string in YAML: write null',
    ],
    [{ 11: '      limit: -0.1' }, '(task.model.kwargs.limit): must be at least 0, got -0.1'],
    [{ 11: '      limit: [a]' }, '(task.model.kwargs.limit): must be a list of exactly 2 items, got 1'],
    [{ 11: '      limit: [a, 5]' }, '(task.model.kwargs.limit.1): must be a string, got 5'],
    [
      { 11: '      alpha: <PRED>' },
      '(task.model.kwargs.alpha): the placeholder <PRED> is not filled in here',
    ],
    [
      { 11: '      alpha: 99999999999999999999' },
      '(task.model.kwargs.alpha): must be at most 9007199254740991, got 99999999999999999999',
    ],
    [{ 11: '      __proto__: {alpha: 1}' }, '(task.model.kwargs.__proto__): unknown key "__proto__"'],
    [
      { 9: '    kwargs: [ridge]\n    #', 10: '', 11: '' },
      '(task.model.kwargs): must be a mapping of keys and values, got a list of 1 item',
    ],
    [{ 7: '    class: 158' }, '(task.model.class): must be a string, the name of a model, got 158'],
    [
      { 20: '          start_time: soon' },
      '(task.dataset.kwargs.handler.kwargs.start_time): the string "soon" is not a date\n  a date is written',
    ],
    [
      { 20: '          start_time: 2019-01-03' },
      '(task.dataset.kwargs.handler.kwargs.start_time): start_time 2019-01-03 is after end_time 2018-06-29: the range is empty',
    ],
    [
      { 22: '          fit_start_time: 2017-10-03' },
      'fit_start_time 2017-10-03 is after fit_end_time 2017-09-29',
    ],
    [
      { 22: '          freq: dya' },
      '(task.dataset.kwargs.handler.kwargs.freq): unknown frequency "dya"\n  did you mean "day"?',
    ],
    [
      { 22: '          label: ["Reff($close, 1)"]' },
      '(task.dataset.kwargs.handler.kwargs.label.0): expression, character 1: unknown operator "Reff"',
    ],
    [
      { 27: '              kwargs: {fields_group: featrue}' },
      '(task.dataset.kwargs.handler.kwargs.infer_processors.0.kwargs.fields_group): unknown column group "featrue"\n  did you mean "feature"?',
    ],
    [
      { 26: '            - class: toString' },
      '(task.dataset.kwargs.handler.kwargs.infer_processors.0.class): unknown processor "toString" in module qlib.data.dataset.processor',
    ],
    [
      { 26: '            - class: LinearModel' },
      '(task.dataset.kwargs.handler.kwargs.infer_processors.0.class): LinearModel is a model, a processor was expected here\n  allowed: Fillna',
    ],
    [
      { 28: '      segments: [2017-01-03, 2018-06-29]\n      #', 29: '', 30: '', 31: '' },
      '(task.dataset.kwargs.segments): must be a mapping, got a list of 2 items',
    ],
    [
      { 29: '        train: [2017-09-29, 2017-01-03]' },
      '(task.dataset.kwargs.segments.train): 2017-09-29 is after 2017-01-03: the range is empty',
    ],
    [
      { 29: '        train: [2018-02-30, 2018-03-03]' },
      'w.yaml:29:17: 2018-02-30 is not a date: no such day or time\n  2018-02 has 28 days',
    ],
    [
      { 31: '' },
      '(task.dataset.kwargs.segments): required segment "test" is missing\n  predictions are made for it',
    ],
    [
      { 31: '        test: [2019-01-02, 2019-06-29]' },
      '(task.dataset.kwargs.segments.test): the segment test has no data',
    ],
    [
      {
        33: '    - class: PortAnaRecord',
        34: '      kwargs: {config: {strategy: {class: TopkDropoutStrategy, module_path: qlib.contrib.strategy, kwargs: {topk: 1, n_drop: 1}}, backtest: {}}}',
      },
      '(task.record.0): PortAnaRecord needs pred.pkl, which no record before it writes',
    ],
    [
      { 41: '            kwargs: {signal: <PRED>, topk: 5, n_drop: 6}' },
      '(task.record.1.kwargs.config.strategy.kwargs.n_drop): n_drop must be at most topk (5), got 6',
    ],
    [
      { 41: '            kwargs: {signal: <PRED>, n_drop: 6}' },
      '(task.record.1.kwargs.config.strategy.kwargs): required key "topk" is missing',
    ],
    [{ 2: '  provider_uri: null' }, '(qlib_init.provider_uri): must be a string or a mapping, got null'],
    [
      { 2: '  exp_manager: {class: MLflowExpManager, kwargs: {uri: "postgresql://me:secret@x/runs"}}' },
      '(qlib_init.exp_manager.kwargs.uri): the tracking uri "postgresql://me:...@x/runs" has the unknown scheme "postgresql"',
    ],
    [
      { 24: '          instruments: {market: dow30, filter_pipe: [{filter_type: NameDFiltr}]}' },
      'w.yaml:24:55 (task.dataset.kwargs.handler.kwargs.instruments.filter_pipe.0.filter_type): unknown filter_type "NameDFiltr"\n  did you mean NameDFilter? allowed: NameDFilter, ExpressionDFilter',
    ],
    [
      {
        24: '          instruments: {market: dow30, filter_pipe: [{filter_type: NameDFilter, name_rule_re: "(A"}]}',
      },
      '(task.dataset.kwargs.handler.kwargs.instruments.filter_pipe.0.name_rule_re): "(A" is no regular expression',
    ],
    [
      { 2: '  exp_manager: {class: MLflowExpManager, kwargs: {uri: "ftp://x"}}' },
      '(qlib_init.exp_manager.kwargs.uri): the tracking uri "ftp://x" has the unknown scheme "ftp"',
    ],
    [{ 4: 'market: &market dow30\nexperiment_name: ""' }, 'w.yaml:5:1 (experiment_name): must not be empty'],
    [
      { 4: 'market: &market dow30\nexperiment_name: "a\\0b"' },
      '(experiment_name): the string "a\\0b" does not have the form that is expected here'.replace(
        '\\0',
        '\0',
      ),
    ],
    [{ 4: 'market: &market dow30\nsys: {path: 3}' }, '(sys.path): must be a string or a list, got 3'],
  ])('tells what is wrong: %j', async (lines, message) => {
    expect(await errorsOf(lines)).toContain(message);
  });

  it.each([
    [
      { 30: '        valid: [2017-09-01, 2017-12-29]' },
      'warning: w.yaml:30:9 (task.dataset.kwargs.segments.valid): the segment valid overlaps train: both have 2017-09-01 to 2017-09-29',
    ],
    [
      { 29: '        train: [2018-01-02, 2018-06-29]', 31: '        test: [2017-10-02, 2017-12-01]', 30: '' },
      '(task.dataset.kwargs.segments.train): the segment train begins after test ends: a look-ahead leak',
    ],
    [
      { 31: '        test: [2018-01-02, 2018-09-29]' },
      "(task.dataset.kwargs.segments.test): the segment test ends 2018-09-29, after the handler's end_time 2018-06-29",
    ],
    [
      { 23: '          fit_end_time: 2018-02-01' },
      '(task.dataset.kwargs.handler.kwargs.fit_end_time): the processors learn from days of the segment test',
    ],
    [
      { 22: '          fit_start_time: 2011-01-03', 23: '          fit_end_time: 2012-01-03' },
      '(task.dataset.kwargs.handler.kwargs.fit_start_time): the processors learn from no day: fit_start_time to fit_end_time is 2011-01-03 to 2012-01-03, the data of the handler from',
    ],
    [{ 3: '  redis_port: 6379' }, '(qlib_init.redis_port): redis_port has no effect here'],
    [{ 4: 'market: &market dow30\nsys: {path: ["not-there"]}' }, '(sys.path.0): the folder'],
  ])('warns: %j', async (lines, message) => {
    expect(await warningsOf(lines)).toContain(message);
  });

  it('warns of days without predictions and of a task without records', async () => {
    expect(await warningsOf({ 43: '            start_time: 2017-12-29' })).toBe(
      'warning: w.yaml:43:13 (task.record.1.kwargs.config.backtest.start_time): the backtest begins 2017-12-29, before the segment test (2018-01-02): there are no predictions for these days',
    );
    expect((await check(files, workflowText().replace(/ {2}record:[\s\S]*/, ''))).warnings).toContain(
      '(task): the task has no record: predictions are neither made nor kept',
    );
  });

  it.each(['<model>', 'MODEL', '<MODEL', '<MODLE>'])(
    'takes %s for a badly written placeholder',
    async (text) => {
      expect(await errorsOf({ 34: `      kwargs: {model: ${text}}` })).toContain(
        `w.yaml:34:16 (task.record.0.kwargs.model): unknown placeholder "${text}"\n  did you mean "<MODEL>"?`,
      );
    },
  );

  it('follows a reference to another part of the task, as qlib does', async () => {
    const text = '            kwargs: {signal: <dataset.kwargs.segments.test.0>, topk: 5, n_drop: 1}';
    expect(await errorsOf({ 41: text })).toBe('');
  });

  it('lets any name hold an anchor at the top, a near miss of a key too', async () => {
    expect(
      await errorsOf({ 4: 'market: &market dow30\nmy_notes: {a: 1}\ntasks: &x 5', 11: '      alpha: *x' }),
    ).toBe('');
    expect(await errorsOf({ 4: 'market: &market dow30\ntasks: 5' })).toContain(
      'did you mean "task"? it stands there too',
    );
  });

  it('says of a class that is not built yet just that', async () => {
    const errors = await errorsOf({
      7: '    class: GRU',
      8: '    module_path: qlib.contrib.model.pytorch_gru',
      3: '  regoin: us',
    });
    expect(errors).toBe(
      'w.yaml:7:5 (task.model.class): the class GRU of qlib.contrib.model.pytorch_gru is not built yet\n  built for this place: LinearModel',
    );
  });

  it('tells a mistake once though an anchor brings it to two places', async () => {
    const { errors } = await check(
      files,
      workflowText({ 25: '          infer_processors: &p', 27: '              kwargs: {fil_value: 1}' }),
    );
    expect(errors.match(/unknown key/g)).toHaveLength(1);
  });
});
