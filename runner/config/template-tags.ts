import { unknownName } from '../../components/core/nearest.ts';
import { PlacedError, type SourceText } from './places.ts';

/** Block statements by what ends them. */
const blocks: Readonly<Record<string, string>> = {
  if: 'endif',
  for: 'endfor',
  macro: 'endmacro',
  call: 'endcall',
  filter: 'endfilter',
};
const inner: Readonly<Record<string, readonly string[]>> = { elif: ['if'], else: ['if', 'for'] };
const plain = ['set', 'break', 'continue'];
const refused: Readonly<Record<string, string>> = {
  include: 'a template cannot include files',
  import: 'a template cannot import files',
  from: 'a template cannot import files',
  extends: 'a template cannot extend files (use BASE_CONFIG_PATH)',
};

interface Tag {
  readonly open: string;
  readonly start: number;
  /** After the closing brace. */
  readonly end: number;
  readonly body: string;
}

/** Finds the mistakes of form in a template's tags, with their places: what is left open, closed twice, or unknown. @throws UserError */
export function checkTags(source: SourceText): void {
  const stack: { name: string; tag: Tag }[] = [];
  const fail = (tag: Tag, problem: string, hint?: string) => {
    throw new PlacedError(
      source.place(tag.start),
      `template: ${problem}`,
      hint === undefined ? {} : { hint },
    );
  };
  for (const tag of tagsOf(source)) {
    if (tag.open !== '{%') continue;
    const name = /^[\s+-]*([A-Za-z_]\w*)/.exec(tag.body)?.[1];
    if (name === undefined) fail(tag, `a statement needs a name: {%${tag.body.slice(0, 40)}%}`);
    else if (Object.hasOwn(refused, name)) fail(tag, `"${name}" is not allowed`, refused[name]);
    else if (Object.hasOwn(blocks, name)) stack.push({ name, tag });
    else if (name === 'set' && !tag.body.includes('=')) stack.push({ name: 'set', tag });
    else if (name.startsWith('end')) {
      const last = stack.pop();
      if (!last) fail(tag, `"${name}" without a block that it ends`);
      else if (name !== (blocks[last.name] ?? 'endset'))
        fail(
          tag,
          `unexpected "${name}"`,
          `the block "${last.name}" of line ${source.place(last.tag.start).line} is still open`,
        );
    } else if (Object.hasOwn(inner, name)) {
      if (!inner[name]!.includes(stack.at(-1)?.name ?? ''))
        fail(tag, `"${name}" outside of ${inner[name]!.join(' or ')}`);
    } else if (!plain.includes(name)) {
      const { problem, hint } = unknownName('statement', name, [
        ...Object.keys(blocks),
        ...plain,
        ...Object.keys(inner),
      ]);
      fail(tag, problem, hint);
    }
  }
  const open = stack.at(-1);
  if (open)
    fail(
      open.tag,
      `the block "${open.name}" is not closed`,
      `{% ${blocks[open.name] ?? 'endset'} %} is missing`,
    );
}

const closers: Readonly<Record<string, string>> = { '{{': '}}', '{%': '%}', '{#': '#}' };

/** The tags of a template in order; strings inside them may hold closing braces. */
export function* tagsOf(source: SourceText): Generator<Tag> {
  const { text } = source;
  const opener = /\{[{%#]/g;
  for (let found = opener.exec(text); found; found = opener.exec(text)) {
    const open = found[0];
    const close = closers[open]!;
    const end = findClose(text, found.index + 2, close);
    if (end < 0)
      throw new PlacedError(source.place(found.index), `template: "${open}" is not closed`, {
        hint: `"${close}" is missing`,
      });
    yield { open, start: found.index, end: end + 2, body: text.slice(found.index + 2, end) };
    opener.lastIndex = end + 2;
  }
}

function findClose(text: string, from: number, close: string): number {
  if (close === '#}') return text.indexOf(close, from);
  let depth = 0;
  for (let at = from; at < text.length; at++) {
    const c = text[at]!;
    if (c === '"' || c === "'") {
      for (at++; at < text.length && text[at] !== c; at++) if (text[at] === '\\') at++;
    } else if (c === '{') depth++;
    else if (c === '}' && depth > 0 && close === '}}') depth--;
    else if (text.startsWith(close, at)) return at;
  }
  return -1;
}
