import { useEffect, useState } from 'preact/hooks';

export interface Colors {
  readonly text: string;
  readonly muted: string;
  readonly line: string;
  readonly grid: string;
  readonly surface: string;
  readonly good: string;
  readonly bad: string;
  readonly series: readonly string[];
}

/** The colours of the style sheet, light or dark. */
export function colors(): Colors {
  const style = getComputedStyle(document.documentElement);
  const of = (name: string): string => style.getPropertyValue(`--${name}`).trim();
  return {
    text: of('text'),
    muted: of('muted'),
    line: of('line'),
    grid: of('grid'),
    surface: of('surface'),
    good: of('good'),
    bad: of('bad'),
    series: [1, 2, 3, 4, 5, 6, 7, 8].map((i) => of(`series-${i}`)),
  };
}

export type ThemeChoice = 'auto' | 'light' | 'dark';
const key = 'qrun.theme';

export function themeChoice(): ThemeChoice {
  const kept = localStorage.getItem(key);
  return kept === 'light' || kept === 'dark' ? kept : 'auto';
}

export function chooseTheme(choice: ThemeChoice): void {
  localStorage.setItem(key, choice);
  applyTheme();
  dispatchEvent(new Event('qrun-theme'));
}

export function applyTheme(): void {
  const choice = themeChoice();
  const isDark = choice === 'auto' ? matchMedia('(prefers-color-scheme: dark)').matches : choice === 'dark';
  document.documentElement.dataset['theme'] = isDark ? 'dark' : 'light';
}

/** Changes when the colours do. */
export function useTheme(): string {
  const [theme, setTheme] = useState(document.documentElement.dataset['theme'] ?? 'light');
  useEffect(() => {
    const media = matchMedia('(prefers-color-scheme: dark)');
    const update = () => {
      applyTheme();
      setTheme(document.documentElement.dataset['theme'] ?? 'light');
    };
    media.addEventListener('change', update);
    addEventListener('qrun-theme', update);
    return () => {
      media.removeEventListener('change', update);
      removeEventListener('qrun-theme', update);
    };
  }, []);
  return theme;
}
