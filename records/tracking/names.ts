import { invalid } from './errors.ts';

const keyPattern = /^[/\p{L}\p{N}_.\- :]*$/u;
const runIdPattern = /^[a-zA-Z0-9][\w-]{0,255}$/;
const experimentIdPattern = /^[a-zA-Z0-9][\w-]{0,63}$/;

/** Half of a character: UTF-8 has no form for it. */
const loneSurrogate = /\p{Cs}/u;

const longestKey = 250;
const longestName = 500;
/** The file systems' own limit for one part of a path. */
const longestPartBytes = 255;

/** `a//b`, `a/../b`, `./a`, `/a`, `a/`: names that stand for another path than they say. */
function isAmbiguousPath(path: string): boolean {
  return path.split('/').some((part) => part === '' || part === '.' || part === '..');
}

function longPart(path: string): string | undefined {
  return path.split('/').find((part) => Buffer.byteLength(part) > longestPartBytes);
}

const shown = (text: string) => JSON.stringify(text.length > 100 ? `${text.slice(0, 100)}...` : text);

/**
 * A name of a param, metric or tag, by MLflow's rule: letters and digits of any script, `_ - . space : /`, at most 250 characters,
 * no `..`, no leading or double slash. A slash makes a folder in file stores.
 */
export function checkKey(kind: 'param' | 'metric' | 'tag', key: string): void {
  if (key.length > longestKey)
    throw invalid(
      `name of the ${kind} ${shown(key)} has ${key.length} characters`,
      `at most ${longestKey} are allowed`,
    );
  if (key === '' || !keyPattern.test(key))
    throw invalid(
      `invalid name ${shown(key)} of a ${kind}`,
      'allowed: letters, digits, underscore, dash, period, space, colon and slash',
    );
  if (isAmbiguousPath(key))
    throw invalid(
      `invalid name ${shown(key)} of a ${kind}`,
      'a name is kept as a path below the run: no "..", ".", empty part, leading or trailing slash',
    );
  if (longPart(key))
    throw invalid(`name ${shown(key)} of a ${kind} is too long`, `one part of a path has at most 255 bytes`);
}

/** A param or tag with its name. The value is any text that UTF-8 can hold: MLflow refuses half a character (a surrogate alone) too, nobody would get it back. */
export function checkEntry(kind: 'param' | 'tag', key: string, value: string): void {
  checkKey(kind, key);
  if (loneSurrogate.test(value))
    throw invalid(
      `value of ${kind} "${key}" has half a character at ${value.search(loneSurrogate)}`,
      'a text may have been cut in the middle of one: use text that UTF-8 can hold',
    );
}

/** Could it be a name of a param, metric or tag? */
export function isKey(key: string): boolean {
  return key !== '' && key.length <= longestKey && keyPattern.test(key) && !isAmbiguousPath(key);
}

/** A path of an artifact: relative, plain, with `/`. The empty path is the root. */
export function checkArtifactPath(path: string): void {
  if (path === '') return;
  const rule =
    'a path is relative to the artifacts of the run and plain: no "..", ".", empty part, leading or trailing slash, backslash or control character';
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  if (isAmbiguousPath(path) || /[\\\u0000-\u001f\u007f]/.test(path) || loneSurrogate.test(path))
    throw invalid(`invalid artifact path ${shown(path)}`, rule);
  if (longPart(path))
    throw invalid(`artifact path ${shown(path)} is too long`, 'one part of a path has at most 255 bytes');
}

export function isRunId(id: string): boolean {
  return runIdPattern.test(id);
}

export function isExperimentId(id: string): boolean {
  return experimentIdPattern.test(id);
}

/** The name of a run: any text that all stores can keep, so without NUL. */
export function checkRunName(name: string): void {
  checkText('a run', name);
}

function checkText(what: string, name: string): void {
  if (name.includes('\0') || loneSurrogate.test(name))
    throw invalid(
      `name ${shown(name)} of ${what} has a NUL or half a character`,
      'use text that UTF-8 can hold, without NUL',
    );
}

export function checkExperimentName(name: string): void {
  if (name === '') throw invalid('the name of an experiment is empty', 'give it at least one character');
  if (name.length > longestName)
    throw invalid(
      `name ${shown(name)} of an experiment has ${name.length} characters`,
      `at most ${longestName} are allowed`,
    );
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  if (/[\u0000-\u001f\u007f]/.test(name))
    throw invalid(`name ${shown(name)} of an experiment has a control character`, 'use printable text');
  checkText('an experiment', name);
}
