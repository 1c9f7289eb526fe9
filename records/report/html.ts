/** Text that is HTML already. Everything else is escaped when it comes into a template. */
export class Html {
  constructor(readonly text: string) {}
}

/** What a template may hold: lists are joined, null, undefined and false leave nothing. */
export type Content = Html | string | number | null | undefined | false | readonly Content[];

/** HTML of a template; what is filled in is escaped, in texts and in quoted attributes alike, whatever it holds. */
export function html(parts: TemplateStringsArray, ...values: readonly Content[]): Html {
  let text = parts[0]!;
  values.forEach((value, i) => {
    text += textOf(value) + parts[i + 1]!;
  });
  return new Html(text);
}

function textOf(value: Content): string {
  if (value === null || value === undefined || value === false) return '';
  if (value instanceof Html) return value.text;
  if (typeof value === 'object') return value.map(textOf).join('');
  return escapeHtml(String(value));
}

const escapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Text as HTML shows it; characters that steer the direction or hide what follows become visible signs. */
export function escapeHtml(text: string): string {
  return (
    text
      .replace(/[&<>"']/g, (c) => escapes[c]!)
      // control characters and bidirectional overrides
      .replace(/[\p{Cc}\u202a-\u202e\u2066-\u2069]/gu, (c) => (c === '\n' || c === '\t' ? c : '\ufffd'))
  );
}

/** JSON for a data block: no character that could end the block. */
export function dataBlock(value: unknown): Html {
  const json = JSON.stringify(value).replace(
    /[<>&\u2028\u2029]/g,
    (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  return new Html(`<script type="application/json">${json}</script>`);
}
