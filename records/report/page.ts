import { createHash } from 'node:crypto';
import { type Content, Html, html } from './html.ts';
import { script } from './script.ts';
import { style } from './style.ts';

export interface Section {
  readonly title: string;
  readonly content: Content;
}

export interface PageOptions {
  readonly title: string;
  readonly head: Content;
  readonly sections: readonly Section[];
  readonly foot: Content;
}

/** One file that needs nothing beside it: its policy lets it load nothing, and run no script but its own. */
export function page({ title, head, sections, foot }: PageOptions): string {
  const hash = createHash('sha256').update(script).digest('base64');
  const policy = `default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-${hash}'; img-src data:; base-uri 'none'; form-action 'none'`;
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>${title}</title>
<link rel="icon" href="data:,">
<style>${new Html(style)}</style>
</head>
<body>
<header>${head}</header>
<nav aria-label="sections">${sections.map((s, i) => html`<a href="#s${i}">${s.title}</a> `)}</nav>
<main>
${sections.map((s, i) => html`<section id="s${i}"><h2>${s.title}</h2>${s.content}</section>\n`)}
</main>
<footer>${foot}</footer>
<script>${new Html(script)}</script>
</body>
</html>
`.text;
}
