import { formatG } from '../number-format.ts';
import { type Params, specs } from './resolve.ts';

const first = ['boosting', 'objective', 'metric', 'tree_learner', 'device_type'] as const;
const unsaved = new Set<string>([
  ...first,
  'config',
  'task',
  'input_model',
  'output_model',
  'snapshot_freq',
  'save_binary',
  'start_iteration_predict',
  'num_iteration_predict',
  'predict_raw_score',
  'predict_leaf_index',
  'predict_contrib',
  'predict_disable_shape_check',
  'pred_early_stop',
  'pred_early_stop_freq',
  'pred_early_stop_margin',
  'output_result',
  'convert_model_language',
  'convert_model',
  'metric_freq',
  'is_provide_training_metric',
]);

/** The lines `[name: value]` of a model file's section `parameters`, in LightGBM's order. */
export function paramsText(params: Params): string {
  const names = [...first, ...Object.keys(specs).filter((name) => !unsaved.has(name))];
  return names.map((name) => `[${name}: ${format(params[name as keyof Params])}]\n`).join('');
}

function format(value: unknown): string {
  if (typeof value === 'boolean') return value ? '1' : '0';
  if (typeof value === 'number') return formatG(value, 6);
  return Array.isArray(value)
    ? value.map((x) => (typeof x === 'number' ? formatG(x, 6) : String(x))).join(',')
    : String(value);
}
