import type { Context } from '../../components/core/context.ts';
import type { KeyPath, UserError } from '../../components/core/errors.ts';
import type { CatalogueEntry, Definition } from '../../components/core/registry.ts';

/** Where something stands in a file; line and column count from 1. */
export interface Place {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** A mapping of the config: no prototype, so that `__proto__` and `constructor` are keys like any other. */
export interface ConfigMap {
  readonly [key: string]: ConfigValue;
}

/** What YAML makes, as components get it: dates are ISO text (`2008-01-02`, `2008-01-02 09:30:00`), ints and floats are numbers. */
export type ConfigValue = string | number | boolean | null | ConfigMap | readonly ConfigValue[];

/** A workflow file, rendered, parsed and merged with its base, not yet checked. */
export interface Workflow {
  /** As it was given, for messages. */
  readonly file: string;
  /** Absolute; relative module paths start here. */
  readonly folder: string;
  readonly cwd: string;
  readonly config: ConfigMap;
  /**
   * The same tree as Python would have it, for params (`pythonStr` prints it) and pickles: dicts are Maps; PyDate, PyDateTime, PyFloat for
   * floats with whole values, bigint for ints beyond 2^53.
   */
  readonly python: unknown;
  /** `sys.path` and `sys.rel_path` as absolute folders; the only ones beside `folder` that modules are loaded from. */
  readonly searchPaths: readonly string[];
  /** Mistakes that reading found and went on after; `checkWorkflow` has them among its errors. */
  readonly problems: readonly UserError[];
  readonly warnings: readonly UserError[];
  /** Of the key or item at `path`; the nearest enclosing place where the path leads nowhere. */
  placeOf(path: KeyPath): Place;
  /** What stands there could not be read and is in `problems`. */
  isBroken(path: KeyPath): boolean;
  /** Something under this top-level key is used elsewhere through an alias or a merge. */
  isReferenced(key: string): boolean;
}

/** What `checkWorkflow` finds. Paths start at the top of the file: `task.model.kwargs.alpha`. */
export interface Findings {
  readonly errors: readonly UserError[];
  readonly warnings: readonly UserError[];
}

/** The parts of a checked workflow, all defaults filled in. */
export interface Settings {
  readonly experimentName: string | undefined;
  readonly qlib: QlibSettings;
  readonly task: TaskSettings;
}

export interface QlibSettings {
  /** Absolute folder by freq; the key `__DEFAULT_FREQ` where the file gives one folder for all. */
  readonly providerUri: Readonly<Record<string, string>>;
  readonly region: 'cn' | 'us' | 'tw';
  /** `kwargs` of `exp_manager`; undefined where the file names none, then the command line's uri folder counts. */
  readonly expManager: { readonly uri?: string; readonly default_exp_name?: string } | undefined;
  /** The whole mapping, for keys that others read. */
  readonly raw: ConfigMap;
}

export interface TaskSettings {
  readonly model: ConfigValue;
  readonly dataset: ConfigValue;
  readonly reweighter: ConfigValue | undefined;
  /** Always a list; the key path of record i is `task.record.i`, or `task.record` where the file has a single mapping. */
  readonly records: readonly { readonly spec: ConfigValue; readonly path: KeyPath }[];
  readonly raw: ConfigMap;
}

export interface ResolveOptions {
  readonly catalogue: readonly CatalogueEntry[];
  /** Folder of the config: `module_path: ./my_model.ts` starts here. */
  readonly folder: string;
  readonly searchPaths: readonly string[];
  /** Where a bare class name is looked for first, such as `qlib.workflow.record_temp`. */
  readonly defaultModule?: string;
  /** Apply the schema and `check` of the definition to kwargs (default true). */
  readonly check?: boolean;
}

/** A definition as those see it who know nothing of its options and result. */
export type AnyDefinition = Definition<unknown, Record<string, unknown>, Context>;

export interface Resolved {
  readonly definition: AnyDefinition;
  readonly kwargs: Record<string, unknown>;
  readonly className: string;
  readonly modulePath: string;
}
