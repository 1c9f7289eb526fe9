import { useEffect, useState } from 'preact/hooks';

/** Where the page is: the parts behind `#/`, and the settings of the view, which are in the address so that a link shows the same. */
export interface Place {
  readonly parts: readonly string[];
  readonly query: URLSearchParams;
}

export function currentPlace(): Place {
  const [path = '', query = ''] = location.hash.replace(/^#\/?/, '').split('?');
  return { parts: path.split('/').filter(Boolean).map(decoded), query: new URLSearchParams(query) };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

export function usePlace(): Place {
  const [place, setPlace] = useState(currentPlace);
  useEffect(() => {
    const update = () => setPlace(currentPlace());
    addEventListener('hashchange', update);
    return () => removeEventListener('hashchange', update);
  }, []);
  return place;
}

export function linkTo(parts: readonly string[], query: Readonly<Record<string, string>> = {}): string {
  const search = new URLSearchParams(query).toString();
  return `#/${parts.map(encodeURIComponent).join('/')}${search && `?${search}`}`;
}

/** Changes settings of the view in the address; empty ones go. */
export function setQuery(changes: Readonly<Record<string, string>>, keepHistory = true): void {
  const { parts, query } = currentPlace();
  for (const [key, value] of Object.entries(changes)) {
    if (value === '') query.delete(key);
    else query.set(key, value);
  }
  const target = linkTo(parts, Object.fromEntries(query));
  if (target === location.hash) return;
  if (keepHistory) location.hash = target;
  else {
    history.replaceState(null, '', target);
    dispatchEvent(new HashChangeEvent('hashchange'));
  }
}
