import { formatTime } from '../../components/core/dates.ts';
import { PyDate, PyDateTime, PyFloat } from '../../components/core/python.ts';
import { floatRepr } from '../../records/pickle/python-repr.ts';

/**
 * YAML of a workflow's tree (`Workflow.python`: Maps, arrays, scalars of Python) in block style. Read again by a YAML 1.1 parser it is the same
 * tree: texts that would be read as something else stand in double quotes.
 */
export function yamlText(tree: unknown): string {
  return `${lines(tree, '').join('\n')}\n`;
}

function lines(value: unknown, indent: string): string[] {
  if (value instanceof Map && value.size > 0)
    return [...value].flatMap(([key, item]) => entry(`${indent}${scalar(key)}:`, item, indent));
  if (Array.isArray(value) && value.length > 0) return value.flatMap((item) => listItem(item, indent));
  return [`${indent}${scalar(value)}`];
}

function entry(head: string, item: unknown, indent: string): string[] {
  return isBlock(item) ? [head, ...lines(item, `${indent}  `)] : [`${head} ${scalar(item)}`];
}

/** The first line of a block stands behind the dash. */
function listItem(item: unknown, indent: string): string[] {
  if (!isBlock(item)) return [`${indent}- ${scalar(item)}`];
  const inner = lines(item, `${indent}  `);
  return [`${indent}- ${inner[0]!.slice(indent.length + 2)}`, ...inner.slice(1)];
}

const isBlock = (value: unknown) =>
  (value instanceof Map && value.size > 0) || (Array.isArray(value) && value.length > 0);

function scalar(value: unknown): string {
  if (value === null || value === undefined) return 'null';
  if (value instanceof Map) return '{}';
  if (Array.isArray(value)) return '[]';
  if (value instanceof PyDate) return formatTime(value.time).slice(0, 10);
  if (value instanceof PyDateTime) return dateTimeText(value);
  if (value instanceof PyFloat) return floatText(value.value);
  if (typeof value === 'number') return Number.isInteger(value) ? String(value) : floatText(value);
  if (typeof value === 'string') return isPlain(value) ? value : quoted(value);
  return String(value);
}

/** YAML 1.1 wants a point in a float: `1e-05` would be a text. */
function floatText(value: number): string {
  if (Number.isNaN(value)) return '.nan';
  if (!Number.isFinite(value)) return value > 0 ? '.inf' : '-.inf';
  const text = floatRepr(value);
  return /^-?\d+e/.test(text) ? text.replace('e', '.0e') : text;
}

function dateTimeText({ time, microseconds }: PyDateTime): string {
  const iso = new Date(time).toISOString();
  const fraction = microseconds === 0 ? '' : `.${String(microseconds).padStart(6, '0')}`;
  return `${iso.slice(0, 10)} ${iso.slice(11, 19)}${fraction}`;
}

/** Words that begin with a letter, `_`, `/`, `.` or `<`, with nothing in them that YAML reads, and that are no boolean, null or number. */
function isPlain(text: string): boolean {
  return (
    /^[A-Za-z_./<][\w./<>()+*^@$~ -]*$/.test(text) &&
    !/ $|^\.+\d|^[.\d]+$|^(?:\.{1,3}|~)$/.test(text) &&
    !/^(?:y|n|yes|no|on|off|true|false|null|\.inf|\.nan|<<)$/i.test(text)
  );
}

/** JSON's quotes are YAML's, save for characters that YAML takes for line ends, and for the openings of templates. */
function quoted(text: string): string {
  return JSON.stringify(text)
    .replace(/[\u0085\u2028\u2029]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`)
    .replace(/\{(?=[{%#])/g, '\\u007b');
}
