/** Alembic's name of the layout that MLflow 2.22 makes and MLflow 3 upgrades. */
export const schemaVersion = '0584bdc529eb';

const text = (length: number) => `VARCHAR(${length})`;

/** A table as its columns, primary key and further constraints. */
interface TableSpec {
  readonly columns: Readonly<Record<string, string>>;
  /** Name and columns of the primary key. */
  readonly key: readonly [name: string, ...columns: string[]];
  readonly constraints?: readonly string[];
}

const keyValue = (length: number, owner: string, ownerType: string, valueNull = '') => ({
  '"key"': `${text(250)} NOT NULL`,
  value: `${text(length)}${valueNull}`,
  [owner]: `${ownerType} NOT NULL`,
});
const run = { name: 'run_uuid', type: text(32), foreign: 'FOREIGN KEY(run_uuid) REFERENCES runs (run_uuid)' };
const experiment = 'FOREIGN KEY(experiment_id) REFERENCES experiments (experiment_id)';
const isStage = (name: string) => `CONSTRAINT ${name} CHECK (lifecycle_stage IN ('active', 'deleted'))`;
const isFlag = 'CHECK (is_nan IN (0, 1))';

/** The tables of MLflow 2.22, in an order in which foreign keys find theirs. Names of constraints count: MLflow 3's upgrade looks for them. */
const tables: Readonly<Record<string, TableSpec>> = {
  alembic_version: {
    columns: { version_num: `${text(32)} NOT NULL` },
    key: ['alembic_version_pkc', 'version_num'],
  },
  experiments: {
    columns: {
      experiment_id: 'INTEGER NOT NULL',
      name: `${text(256)} NOT NULL`,
      artifact_location: text(256),
      lifecycle_stage: text(32),
      creation_time: 'BIGINT',
      last_update_time: 'BIGINT',
    },
    key: ['experiment_pk', 'experiment_id'],
    constraints: [isStage('experiments_lifecycle_stage'), 'UNIQUE (name)'],
  },
  experiment_tags: {
    columns: keyValue(5000, 'experiment_id', 'INTEGER'),
    key: ['experiment_tag_pk', '"key"', 'experiment_id'],
    constraints: [experiment],
  },
  runs: {
    columns: {
      run_uuid: `${text(32)} NOT NULL`,
      name: text(250),
      source_type: text(20),
      source_name: text(500),
      entry_point_name: text(50),
      user_id: text(256),
      status: text(9),
      start_time: 'BIGINT',
      end_time: 'BIGINT',
      source_version: text(50),
      lifecycle_stage: text(20),
      artifact_uri: text(200),
      experiment_id: 'INTEGER',
      deleted_time: 'BIGINT',
    },
    key: ['run_pk', 'run_uuid'],
    constraints: [
      "CONSTRAINT source_type CHECK (source_type IN ('NOTEBOOK', 'JOB', 'LOCAL', 'UNKNOWN', 'PROJECT'))",
      isStage('runs_lifecycle_stage'),
      experiment,
      "CHECK (status IN ('SCHEDULED', 'FAILED', 'FINISHED', 'RUNNING', 'KILLED'))",
    ],
  },
  metrics: {
    columns: {
      '"key"': `${text(250)} NOT NULL`,
      value: 'FLOAT NOT NULL',
      timestamp: 'BIGINT NOT NULL',
      run_uuid: `${text(32)} NOT NULL`,
      step: "BIGINT DEFAULT '0' NOT NULL",
      is_nan: "BOOLEAN DEFAULT '0' NOT NULL",
    },
    key: ['metric_pk', '"key"', 'timestamp', 'step', 'run_uuid', 'value', 'is_nan'],
    constraints: [run.foreign, isFlag],
  },
  latest_metrics: {
    columns: {
      '"key"': `${text(250)} NOT NULL`,
      value: 'FLOAT NOT NULL',
      timestamp: 'BIGINT',
      step: 'BIGINT NOT NULL',
      is_nan: 'BOOLEAN NOT NULL',
      run_uuid: `${text(32)} NOT NULL`,
    },
    key: ['latest_metric_pk', '"key"', 'run_uuid'],
    constraints: [run.foreign, isFlag],
  },
  params: {
    columns: keyValue(8000, run.name, run.type, ' NOT NULL'),
    key: ['param_pk', '"key"', 'run_uuid'],
    constraints: [run.foreign],
  },
  tags: {
    columns: keyValue(8000, run.name, run.type),
    key: ['tag_pk', '"key"', 'run_uuid'],
    constraints: [run.foreign],
  },
  datasets: {
    columns: {
      dataset_uuid: `${text(36)} NOT NULL`,
      experiment_id: 'INTEGER NOT NULL',
      name: `${text(500)} NOT NULL`,
      digest: `${text(36)} NOT NULL`,
      dataset_source_type: `${text(36)} NOT NULL`,
      dataset_source: 'TEXT NOT NULL',
      dataset_schema: 'TEXT',
      dataset_profile: 'TEXT',
    },
    key: ['dataset_pk', 'experiment_id', 'name', 'digest'],
    constraints: [`CONSTRAINT fk_datasets_experiment_id_experiments ${experiment} ON DELETE CASCADE`],
  },
  inputs: {
    columns: Object.fromEntries(
      ['input_uuid', 'source_type', 'source_id', 'destination_type', 'destination_id'].map((name) => [
        name,
        `${text(36)} NOT NULL`,
      ]),
    ),
    key: ['inputs_pk', 'source_type', 'source_id', 'destination_type', 'destination_id'],
  },
  input_tags: {
    columns: {
      input_uuid: `${text(36)} NOT NULL`,
      name: `${text(255)} NOT NULL`,
      value: `${text(500)} NOT NULL`,
    },
    key: ['input_tags_pk', 'input_uuid', 'name'],
  },
  ...registryTables(),
  ...traceTables(),
};

/** MLflow's model registry: empty here, but MLflow expects it. */
function registryTables(): Readonly<Record<string, TableSpec>> {
  const name = `${text(256)} NOT NULL`;
  const times = { creation_time: 'BIGINT', last_updated_time: 'BIGINT' };
  const model = 'FOREIGN KEY(name) REFERENCES registered_models (name)';
  return {
    registered_models: {
      columns: { name, ...times, description: text(5000) },
      key: ['registered_model_pk', 'name'],
      constraints: ['UNIQUE (name)'],
    },
    registered_model_tags: {
      columns: { ...keyValue(5000, 'name', text(256)) },
      key: ['registered_model_tag_pk', '"key"', 'name'],
      constraints: [`${model} ON UPDATE cascade`],
    },
    registered_model_aliases: {
      columns: { alias: `${text(256)} NOT NULL`, version: 'INTEGER NOT NULL', name },
      key: ['registered_model_alias_pk', 'name', 'alias'],
      constraints: [
        `CONSTRAINT registered_model_alias_name_fkey ${model} ON DELETE cascade ON UPDATE cascade`,
      ],
    },
    model_versions: {
      columns: {
        name,
        version: 'INTEGER NOT NULL',
        ...times,
        description: text(5000),
        user_id: text(256),
        current_stage: text(20),
        source: text(500),
        run_id: text(32),
        status: text(20),
        status_message: text(500),
        run_link: text(500),
        storage_location: text(500),
      },
      key: ['model_version_pk', 'name', 'version'],
      constraints: [`${model} ON UPDATE CASCADE`],
    },
    model_version_tags: {
      columns: { ...keyValue(5000, 'name', text(256)), version: 'INTEGER NOT NULL' },
      key: ['model_version_tag_pk', '"key"', 'name', 'version'],
      constraints: ['FOREIGN KEY(name, version) REFERENCES model_versions (name, version) ON UPDATE cascade'],
    },
  };
}

/** MLflow's traces: empty here as well. */
function traceTables(): Readonly<Record<string, TableSpec>> {
  const request = 'FOREIGN KEY(request_id) REFERENCES trace_info (request_id) ON DELETE CASCADE';
  const ofTrace = (key: string, foreign: string): TableSpec => ({
    columns: keyValue(8000, 'request_id', text(50)),
    key: [key, '"key"', 'request_id'],
    constraints: [`CONSTRAINT ${foreign} ${request}`],
  });
  return {
    trace_info: {
      columns: {
        request_id: `${text(50)} NOT NULL`,
        experiment_id: 'INTEGER NOT NULL',
        timestamp_ms: 'BIGINT NOT NULL',
        execution_time_ms: 'BIGINT',
        status: `${text(50)} NOT NULL`,
      },
      key: ['trace_info_pk', 'request_id'],
      constraints: [`CONSTRAINT fk_trace_info_experiment_id ${experiment}`],
    },
    trace_tags: ofTrace('trace_tag_pk', 'fk_trace_tags_request_id'),
    trace_request_metadata: ofTrace('trace_request_metadata_pk', 'fk_trace_request_metadata_request_id'),
  };
}

/** Columns of the indexes, by table; an index is named after both. */
const indexes: readonly (readonly [table: string, ...columns: string[]])[] = [
  ['metrics', 'run_uuid'],
  ['latest_metrics', 'run_uuid'],
  ['params', 'run_uuid'],
  ['tags', 'run_uuid'],
  ['inputs', 'input_uuid'],
  ['inputs', 'destination_type', 'destination_id', 'source_type'],
  ['datasets', 'experiment_id', 'dataset_source_type'],
  ['datasets', 'dataset_uuid'],
  ['trace_info', 'experiment_id', 'timestamp_ms'],
  ['trace_tags', 'request_id'],
  ['trace_request_metadata', 'request_id'],
];

/** Statements that make an empty database of MLflow 2.22. */
export function schemaStatements(): string[] {
  const made = Object.entries(tables).map(([name, { columns, key, constraints = [] }]) => {
    const [keyName, ...keyColumns] = key;
    const parts = [
      ...Object.entries(columns).map(([column, type]) => `${column} ${type}`),
      `CONSTRAINT ${keyName} PRIMARY KEY (${keyColumns.join(', ')})`,
      ...constraints,
    ];
    return `CREATE TABLE ${name} (${parts.join(', ')})`;
  });
  const indexed = indexes.map(
    ([table, ...columns]) =>
      `CREATE INDEX index_${table}_${columns.join('_')} ON ${table} (${columns.join(', ')})`,
  );
  return [...made, ...indexed, `INSERT INTO alembic_version VALUES ('${schemaVersion}')`];
}
