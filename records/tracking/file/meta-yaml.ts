import { load } from 'js-yaml';

/** What `meta.yaml` files hold: a flat mapping, with `tags` the only value that is not a scalar. */
export type MetaValue = string | number | null | readonly unknown[] | Readonly<Record<string, string>>;
export type Meta = Readonly<Record<string, MetaValue | undefined>>;

/** YAML with sorted keys in block style, as MLflow writes it; what YAML 1.1 could take for something else is quoted. */
export function formatMeta(meta: Meta): string {
  let out = '';
  for (const key of Object.keys(meta).sort()) {
    const value = meta[key];
    if (value !== undefined) out += `${key}: ${formatValue(value)}\n`;
  }
  return out;
}

function formatValue(value: MetaValue): string {
  if (value === null) return 'null';
  if (typeof value === 'number') return String(value);
  if (typeof value === 'string') return formatText(value);
  if (Array.isArray(value)) return JSON.stringify(value);
  const entries = Object.entries(value).map(([k, v]) => `${JSON.stringify(k)}: ${JSON.stringify(String(v))}`);
  return `{${entries.join(', ')}}`;
}

/** Plain text that no version of YAML reads as a number, a date, a boolean or null. */
const plain = /^(?:[A-Za-z][\w/.-]*|file:\/\/\/[\w/.%+~-]*)$/;
const reserved = /^(?:y|n|yes|no|on|off|true|false|null|nan|inf)$/i;

function formatText(text: string): string {
  if (plain.test(text) && !reserved.test(text)) return text;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  if (/[\u0000-\u001f\u007f-\u009f\u2028\u2029\ufeff]|[\ud800-\udfff]/.test(text))
    return JSON.stringify(text);
  return `'${text.replaceAll("'", "''")}'`;
}

const line = /^(\w+):(?: (?:'((?:[^']|'')*)'|(-?\d+)|([A-Za-z/][\w:/.%+~@-]*)|(null|\[\]|\{\}|'')))?$/;

/**
 * Reads a `meta.yaml`; undefined where the text is no mapping (an empty file). The form that stores write is read directly,
 * anything else by js-yaml: foreign files may fold, nest and comment.
 */
export function parseMeta(text: string): Meta | undefined {
  const meta: Record<string, MetaValue> = Object.create(null);
  for (const row of text.split('\n')) {
    if (row === '') continue;
    const m = line.exec(row);
    if (!m) return parseAny(text);
    const [, key, quoted, integer, word, other] = m;
    if (quoted !== undefined) meta[key!] = quoted.replaceAll("''", "'");
    else if (integer !== undefined)
      // An id as a bare number may be above 2^53.
      meta[key!] = integer.length > 15 ? integer : Number(integer);
    else if (word !== undefined) {
      if (reserved.test(word) && word !== 'null') return parseAny(text);
      meta[key!] = word === 'null' ? null : word;
    } else if (other === '[]') meta[key!] = [];
    else if (other === '{}') meta[key!] = {};
    else meta[key!] = null;
  }
  return Object.keys(meta).length > 0 ? meta : undefined;
}

function parseAny(text: string): Meta | undefined {
  try {
    const value: unknown = load(text.replace(/^(experiment_id|run_id|run_uuid): (\d+)$/gm, "$1: '$2'"));
    return value !== null && typeof value === 'object' && !Array.isArray(value) ? (value as Meta) : undefined;
  } catch {
    return undefined;
  }
}
