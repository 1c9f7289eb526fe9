import { load } from 'js-yaml';
import { alpha158Features } from '../../../components/dataset/handler/alpha158-features.ts';
import { alpha360Features } from '../../../components/dataset/handler/alpha360-features.ts';
import { isMapping } from '../../config/spec.ts';

/**
 * Names of a model's features in their order, out of the workflow's text: qlib hands models bare numbers, so that their files say `Column_12`. Undefined where
 * the handler of the workflow does not have just so many features.
 */
export function featureNames(config: string, count: number): string[] | undefined {
  let tree: unknown;
  try {
    tree = load(config);
  } catch {
    return undefined;
  }
  const handler = handlerIn(tree, 0);
  const names = handler && namesOf(handler);
  return names?.length === count ? names : undefined;
}

const deepest = 12;

/** The first `handler: {class: ...}` of the tree. */
function handlerIn(value: unknown, depth: number): Readonly<Record<string, unknown>> | undefined {
  if (!isMapping(value) || depth > deepest) return undefined;
  const { handler } = value;
  if (isMapping(handler) && typeof handler['class'] === 'string') return handler;
  for (const inner of Object.values(value)) {
    const found = handlerIn(inner, depth + 1);
    if (found) return found;
  }
  return undefined;
}

function namesOf(handler: Readonly<Record<string, unknown>>): string[] | undefined {
  const name = String(handler['class']).split('.').at(-1)!;
  if (/^Alpha158(?:vwap)?$/.test(name)) return alpha158Features().map((field) => field.name);
  if (/^Alpha360(?:vwap)?$/.test(name)) return alpha360Features().map((field) => field.name);
  const at = (value: unknown, key: string) => (isMapping(value) ? value[key] : undefined);
  const loader = at(at(handler['kwargs'], 'data_loader'), 'kwargs');
  const feature = at(at(loader, 'config'), 'feature');
  const list = Array.isArray(feature) ? feature : [];
  const names: unknown = Array.isArray(list[0]) ? (list[1] ?? list[0]) : list;
  return Array.isArray(names) && names.every((n) => typeof n === 'string') ? names : undefined;
}
