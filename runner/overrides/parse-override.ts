import { UserError } from '../../components/core/errors.ts';
import { composeYaml } from '../config/compose.ts';
import { SourceText } from '../config/places.ts';
import type { YamlNode } from '../config/yaml-node.ts';

/** One change of a config: a key set to a value, a key added, or a key taken away. */
export interface Override {
  readonly action: 'set' | 'add' | 'force' | 'delete';
  /** Keys from the top; numbers of list items as text. */
  readonly path: readonly string[];
  /** Undefined for `delete`. */
  readonly node: YamlNode | undefined;
  /** As it was given. */
  readonly text: string;
}

/** Is a command line's word an override? `a.b=1`, `+a.b=1`, `++a.b=1`, `~a.b`. */
export function isOverride(word: string): boolean {
  return /^(?:\+{0,2}[^\s=/\\]+=|~[^\s=/\\]+$|~[^\s=/\\]+=)/s.test(word);
}

/**
 * Reads an override in Hydra's form: `a.b=1` changes a key that is there, `+a.b=1` adds one that is not, `++a.b=1` does either,
 * `~a.b` deletes. The value is YAML: `[1, 2]`, `{k: 5}`, `null`, `'text'`. A dot inside a key is written `\.`.
 * @throws UserError for a text of another form and for values that are no YAML
 */
export function parseOverride(text: string): Override {
  const match = /^(\+{1,2}|~)?([^=]+?)(?:=(.*))?$/s.exec(text);
  const [, sign, keys, value] = match ?? [];
  if (keys === undefined || keys.trim() === '')
    throw new UserError(`${JSON.stringify(text)} is no override`, {
      hint: 'write key.path=value, +key.path=value to add a key, ~key.path to delete one',
    });
  const path = splitPath(keys.trim());
  if (path.some((key) => key === ''))
    throw new UserError(`the key path of ${JSON.stringify(text)} has an empty part`, {
      hint: 'keys are divided by single dots: task.model.kwargs.alpha=0.1',
    });
  if (sign === '~') return { action: 'delete', path, node: undefined, text };
  if (value === undefined)
    throw new UserError(`the override ${JSON.stringify(text)} has no value`, {
      hint: `write ${keys.trim()}=VALUE, or ~${keys.trim()} to delete the key`,
    });
  return {
    action: sign === '+' ? 'add' : sign === '++' ? 'force' : 'set',
    path,
    node: valueNode(text, value),
    text,
  };
}

/** The key path of a text: parts between dots, `\.` a dot. */
export function splitPath(text: string): string[] {
  return text.split(/(?<!\\)\./).map((key) => key.replaceAll('\\.', '.'));
}

/** An empty value is an empty text, as Hydra has it. */
function valueNode(text: string, value: string): YamlNode {
  if (value === '') return { kind: 'scalar', value: '' };
  const { root, problems } = composeYaml(new SourceText(`override ${text}`, value));
  const [problem] = problems;
  if (problem) throw problem;
  return root;
}
