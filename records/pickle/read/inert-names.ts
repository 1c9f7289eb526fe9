import { PyObject } from '../../../components/core/python.ts';
import { pythonRepr } from '../python-repr.ts';
import { PyReduced } from '../values.ts';
import type { Known } from './known.ts';
import { Malformed, printable } from './malformed.ts';

/**
 * Classes whose instances are kept as data (`PyObject`): qlib's own, LightGBM's boosters inside qlib models, pandas' date offsets.
 * Only class names: each part begins with a capital letter.
 */
const inert = [
  /^qlib(\.[a-z_][a-z0-9_]*)*(\.[A-Z]\w*)+$/,
  /^lightgbm\.(basic\.Booster|sklearn\.LGBM\w+)$/,
  /^pandas\._libs\.tslibs\.offsets(\.[A-Z]\w*)$/,
  /^uuid\.(UUID|SafeUUID)$/,
];

export function inertName(path: string): Known | undefined {
  if (!inert.some((pattern) => pattern.test(path))) return undefined;
  const cut = path.lastIndexOf('.');
  const module = path.slice(0, cut);
  const name = path.slice(cut + 1);
  return {
    create: (args, reading) => {
      const state = new Map<string, unknown>();
      if (args.length > 0) state.set('__args__', [...args]);
      const object = new PyObject(module, name, state);
      reading.onBuild(object, (given) => takeState(state, given));
      return object;
    },
    call: (args, reading) => {
      const text = `${name}(${args.map((a) => pythonRepr(a, 200)).join(', ')})`;
      const object = new PyReduced(module, name, args, text.slice(0, 200));
      // date offsets get a state after their arguments, which say it all
      reading.onBuild(object, () => {});
      return object;
    },
  };
}

/** The state of an object without a __setstate__: its attributes, or a pair of those and slots; anything else under one name. */
function takeState(state: Map<string, unknown>, given: unknown): void {
  if (!(given instanceof Map)) {
    state.set('__state__', given);
    return;
  }
  for (const [key, value] of given) {
    if (typeof key !== 'string') throw new Malformed('an attribute whose name is no string');
    if (/^__.*__$/.test(key)) throw new Malformed(`a state that sets ${printable(key)}`);
    state.set(key, value);
  }
}
