import { formatTime } from '../../components/core/dates.ts';
import { PyDate, PyDateTime, PyFloat } from '../../components/core/python.ts';

/**
 * A value as Python would have it (Maps, PyFloat, PyDate ...) as one line of YAML that reads back as the same value: floats keep
 * their point, dates stay dates, texts are quoted.
 * @throws Error for values that no YAML file holds
 */
export function yamlText(value: unknown): string {
  if (value === null || value === undefined) return 'null';
  if (typeof value === 'string') return JSON.stringify(value);
  if (typeof value === 'boolean' || typeof value === 'bigint') return String(value);
  if (typeof value === 'number') return numberText(value);
  if (value instanceof PyFloat) return floatText(value.value);
  if (value instanceof PyDate) return formatTime(value.time).slice(0, 10);
  if (value instanceof PyDateTime) return momentText(value);
  if (Array.isArray(value)) return `[${value.map(yamlText).join(', ')}]`;
  if (value instanceof Map)
    return `{${[...value].map(([k, v]) => `${JSON.stringify(String(k))}: ${yamlText(v)}`).join(', ')}}`;
  const prototype: unknown = typeof value === 'object' ? Object.getPrototypeOf(value) : undefined;
  if (prototype === null || prototype === Object.prototype) return yamlText(new Map(Object.entries(value)));
  throw new Error(`no YAML for ${Object.prototype.toString.call(value)}`);
}

/** An integer is an int. */
function numberText(value: number): string {
  return Number.isSafeInteger(value) && !Object.is(value, -0) ? String(value) : floatText(value);
}

function floatText(value: number): string {
  if (Number.isNaN(value)) return '.nan';
  if (!Number.isFinite(value)) return value > 0 ? '.inf' : '-.inf';
  const text = Object.is(value, -0) ? '-0' : String(value);
  return /[.e]/.test(text) ? text : `${text}.0`;
}

function momentText({ time, microseconds }: PyDateTime): string {
  const iso = new Date(time).toISOString();
  const fraction = microseconds === 0 ? '' : `.${String(microseconds).padStart(6, '0')}`;
  return `${iso.slice(0, 10)} ${iso.slice(11, 19)}${fraction}`;
}
