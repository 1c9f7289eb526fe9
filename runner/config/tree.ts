import { formatTime } from '../../components/core/dates.ts';
import { PyDate, PyDateTime, PyFloat } from '../../components/core/python.ts';
import type { PythonScalar } from './scalars.ts';
import type { ConfigMap, ConfigValue } from './types.ts';
import type { MappingNode, YamlNode } from './yaml-node.ts';

/** A tree of nodes as components get it, see `ConfigValue`. What is shared by aliases stays shared. */
export function toConfig(root: MappingNode): ConfigMap;
export function toConfig(root: YamlNode): ConfigValue;
export function toConfig(root: YamlNode): ConfigValue {
  const done = new Map<YamlNode, ConfigValue>();
  const convert = (node: YamlNode): ConfigValue => {
    if (node.kind === 'scalar') return plainScalar(node.value);
    let value = done.get(node);
    if (value === undefined) {
      value = node.kind === 'sequence' ? node.items.map((i) => convert(i.node)) : convertMapping(node);
      done.set(node, value);
    }
    return value;
  };
  const convertMapping = (node: MappingNode): ConfigMap => {
    const map: Record<string, ConfigValue> = Object.create(null);
    for (const [key, entry] of node.entries) map[key] = convert(entry.node);
    return map;
  };
  return convert(root);
}

function plainScalar(value: PythonScalar): string | number | boolean | null {
  if (value instanceof PyFloat) return value.value;
  if (value instanceof PyDate) return formatTime(value.time);
  if (value instanceof PyDateTime) return dateTimeText(value);
  return typeof value === 'bigint' ? Number(value) : value;
}

function dateTimeText({ time, microseconds }: PyDateTime): string {
  const iso = new Date(time).toISOString();
  const fraction = microseconds === 0 ? '' : `.${String(microseconds).padStart(6, '0')}`;
  return `${iso.slice(0, 10)} ${iso.slice(11, 19)}${fraction}`;
}

/** A tree of nodes as Python would have it: dicts are Maps, scalars as in `PythonScalar`. */
export function toPython(root: YamlNode): unknown {
  const done = new Map<YamlNode, unknown>();
  const convert = (node: YamlNode): unknown => {
    if (node.kind === 'scalar') return node.value;
    let value = done.get(node);
    if (value === undefined) {
      value =
        node.kind === 'sequence'
          ? node.items.map((i) => convert(i.node))
          : new Map([...node.entries].map(([key, entry]) => [key, convert(entry.node)]));
      done.set(node, value);
    }
    return value;
  };
  return convert(root);
}
