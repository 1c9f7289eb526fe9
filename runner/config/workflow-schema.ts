import type { Schema } from '../../components/core/registry.ts';

const noControl = '^[^\\u0000-\\u001f\\u007f]*$';
const pathSchema: Schema = { type: 'string', minLength: 1 };
const paths: Schema = { anyOf: [pathSchema, { type: 'array', items: pathSchema }] };
const record: Schema = { component: 'record', defaultModule: 'qlib.workflow.record_temp' };

/** Keys of `qlib.init` that mean something here. */
const used: Readonly<Record<string, Schema>> = {
  provider_uri: {
    description: 'folder of the data, or folders by frequency: {day: ..., 1min: ...}',
    anyOf: [pathSchema, { type: 'object', minProperties: 1, additionalProperties: pathSchema }],
  },
  region: { enum: ['cn', 'us', 'tw'], description: 'sets trade unit, price limit and deal price' },
  exp_manager: {
    type: 'object',
    description: 'where runs are recorded',
    properties: {
      class: { enum: ['MLflowExpManager'] },
      module_path: { enum: ['qlib.workflow.expm'] },
      kwargs: {
        type: 'object',
        properties: {
          uri: { ...pathSchema, description: 'file:FOLDER or a folder' },
          default_exp_name: { type: 'string', minLength: 1, maxLength: 500, pattern: noControl },
        },
        additionalProperties: false,
      },
    },
    additionalProperties: false,
  },
  custom_ops: {
    description:
      'operators of your own for expressions: {class: NAME, module_path: ./FILE.ts}, or a file with several',
    anyOf: [{ type: 'array' }, { type: 'null' }],
  },
  kernels: { anyOf: [{ type: 'integer', minimum: 1 }, { type: 'null' }], description: 'number of threads' },
};

/** Keys of `qlib.init` that are read and then ignored, with a warning: caches, servers, databases and logs of the Python program. */
export const unusedInitKeys: readonly string[] = (
  'auto_mount calendar_cache calendar_provider client_config dataset_cache dataset_cache_dir_name dataset_provider ' +
  'default_conf default_disk_cache dump_protocol_version expression_cache expression_provider feature_provider ' +
  'features_cache_dir_name flask_port flask_server instrument_provider joblib_backend local_cache_path logging_config ' +
  'logging_level maxtasksperchild mem_cache_expire mem_cache_limit_type mem_cache_size_limit mem_cache_space_limit ' +
  'min_data_shift mongo mount_path nfs_path_key pit_provider pit_record_nan pit_record_type provider redis_host ' +
  'redis_password redis_port redis_task_db skip_if_reg timeout clear_mem_cache'
).split(' ');

const any: Schema = {};

/** The outer shape of a workflow. Class configs below `task` are checked by the schemas of the classes that they name. */
export const workflowSchema = {
  type: 'object',
  properties: {
    qlib_init: {
      type: 'object',
      description: 'where the data is, and the region of the market',
      properties: { ...used, ...Object.fromEntries(unusedInitKeys.map((key) => [key, any])) },
      additionalProperties: false,
    },
    task: {
      type: 'object',
      description: 'model, dataset and records of the run',
      properties: {
        model: { component: 'model', description: 'the model that is trained' },
        dataset: { component: 'dataset', description: 'the data, with segments train, valid and test' },
        reweighter: { anyOf: [{ component: 'reweighter' }, { type: 'null' }] },
        record: {
          description: 'what is made of the predictions: a record or a list of them',
          anyOf: [{ type: 'object', ...record }, { type: 'array', items: record }, { type: 'null' }],
        },
      },
      required: ['model', 'dataset'],
      additionalProperties: false,
    },
    experiment_name: {
      description: 'name of the experiment: text without control characters; null: the default of the store',
      type: ['string', 'null'],
      minLength: 1,
      maxLength: 500,
      pattern: noControl,
    },
    sys: {
      type: 'object',
      description: 'folders of your own modules',
      properties: { path: paths, rel_path: paths },
      additionalProperties: false,
    },
    cache: {
      type: 'boolean',
      description: 'false: computed features are neither kept for later runs nor taken from earlier ones',
    },
    leak: {
      enum: ['off', 'fail'],
      description: 'fail: before the run, prove with cut data that nothing looks ahead',
    },
    BASE_CONFIG_PATH: any,
  },
  required: ['qlib_init', 'task'],
} as const satisfies Schema;

export const topKeys: readonly string[] = Object.keys(workflowSchema.properties);
export const taskKeys: readonly string[] = Object.keys(workflowSchema.properties.task.properties);
export const initKeys: readonly string[] = Object.keys(used);
