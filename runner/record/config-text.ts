import { isAbsolute, resolve } from 'node:path';
import type { Settings, Workflow } from '../config/index.ts';
import { looksLikeFile } from '../config/user-module.ts';
import { yamlText } from './yaml-text.ts';

export interface ConfigTextOptions {
  readonly workflow: Pick<Workflow, 'file' | 'folder' | 'cwd' | 'python' | 'searchPaths'>;
  readonly settings: Pick<Settings, 'qlib'>;
  /** Where the run is recorded, in case the file does not say so. */
  readonly experimentName: string;
}

/**
 * The workflow as it was run: templates rendered, the base merged, and what was relative to the file or to the working folder made absolute, so that
 * this text runs again from anywhere on the same machine and gives the same figures.
 */
export function configText({ workflow, settings, experimentName }: ConfigTextOptions): string {
  const { python, file, cwd } = workflow;
  // what other keys hold has reached its places through anchors
  const known = ['qlib_init', 'task', 'experiment_name', 'sys'];
  const tree = new Map([...(python instanceof Map ? python : [])].filter(([key]) => known.includes(key)));
  if (!tree.has('experiment_name')) tree.set('experiment_name', experimentName);
  const qlib = tree.get('qlib_init');
  if (qlib instanceof Map) tree.set('qlib_init', new Map(qlib).set('provider_uri', folders(settings)));
  const searchPaths = userFolders(workflow, tree);
  tree.delete('sys');
  if (searchPaths.length > 0) tree.set('sys', new Map([['path', searchPaths]]));
  return `# ${oneLine(file)} as it was run in ${oneLine(cwd)}; run it again: qrun config.yaml\n${yamlText(tree)}`;
}

/** The folders that user modules come from; none where the workflow names no file. */
function userFolders(
  { folder, searchPaths }: ConfigTextOptions['workflow'],
  tree: ReadonlyMap<unknown, unknown>,
): string[] {
  return namesFile(tree) ? [...new Set([folder, ...searchPaths])] : [...searchPaths];
}

function namesFile(value: unknown): boolean {
  if (Array.isArray(value)) return value.some(namesFile);
  if (!(value instanceof Map)) return false;
  return [...value].some(
    ([key, item]) =>
      (key === 'module_path' && typeof item === 'string' && looksLikeFile(item)) ||
      (key === 'custom_ops' && Array.isArray(item) && item.some((v) => typeof v === 'string')) ||
      namesFile(item),
  );
}

function folders({ qlib }: ConfigTextOptions['settings']): unknown {
  const entries = Object.entries(qlib.providerUri).map(([freq, path]) => [freq, absolute(path)] as const);
  const only = entries.length === 1 ? entries[0] : undefined;
  return only?.[0] === '__DEFAULT_FREQ' ? only[1] : new Map(entries);
}

const absolute = (path: string) => (isAbsolute(path) ? path : resolve(path));

/** No line ends, nothing that opens a template. */
const oneLine = (text: string) => text.replace(/\s+/g, ' ').replace(/\{(?=[{%#])/g, '(');
