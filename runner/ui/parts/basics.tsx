import type { ComponentChildren } from 'preact';
import type { Loaded } from '../api.ts';

const words: Readonly<Record<string, string>> = {
  RUNNING: 'running',
  SCHEDULED: 'scheduled',
  FINISHED: 'finished',
  FAILED: 'failed',
  KILLED: 'killed',
  DEAD: 'died',
  SILENT: 'no sign of life',
};

export function Status({ status, stage = 'active' }: { status: string; stage?: string }) {
  const word = words[status] ?? status.toLowerCase();
  return (
    <span class={`status status-${word}`}>
      <span class="dot" aria-hidden="true" />
      {stage === 'deleted' ? `${word}, deleted` : word}
    </span>
  );
}

/** What there is to say while something loads, or when it cannot. */
export function Pending({ loaded, what }: { loaded: Loaded<unknown>; what: string }) {
  if (loaded.error)
    return (
      <p class="message error" role="alert">
        {loaded.error.message}
      </p>
    );
  return (
    <p class="message" role="status">
      Loading {what}…
    </p>
  );
}

export function Empty({ children }: { children: ComponentChildren }) {
  return <p class="message">{children}</p>;
}

export function Card({
  title,
  actions,
  children,
}: {
  title: string;
  actions?: ComponentChildren;
  children: ComponentChildren;
}) {
  return (
    <section class="card">
      <header>
        <h2>{title}</h2>
        {actions}
      </header>
      {children}
    </section>
  );
}

/** The path from the list of experiments to here. */
export function Crumbs({ items }: { items: readonly { readonly text: string; readonly href?: string }[] }) {
  return (
    <nav class="crumbs" aria-label="Path">
      <ol>
        {items.map(({ text, href }) => (
          <li key={text}>
            {href === undefined ? <span aria-current="page">{text}</span> : <a href={href}>{text}</a>}
          </li>
        ))}
      </ol>
    </nav>
  );
}

export function Tabs({
  tabs,
  chosen,
  hrefOf,
}: {
  tabs: readonly (readonly [id: string, text: string])[];
  chosen: string;
  hrefOf: (id: string) => string;
}) {
  return (
    <nav class="tabs" aria-label="Parts of the run">
      {tabs.map(([id, text]) => (
        <a key={id} href={hrefOf(id)} aria-current={id === chosen ? 'page' : undefined}>
          {text}
        </a>
      ))}
    </nav>
  );
}
