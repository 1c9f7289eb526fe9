import { useState } from 'preact/hooks';
import { chooseTheme, type ThemeChoice, themeChoice } from '../charts/theme.ts';

const next: Readonly<Record<ThemeChoice, ThemeChoice>> = { auto: 'dark', dark: 'light', light: 'auto' };
const signs: Readonly<Record<ThemeChoice, string>> = { auto: '◐', dark: '☾', light: '☀' };

export function ThemeButton() {
  const [choice, setChoice] = useState(themeChoice);
  return (
    <button
      type="button"
      class="plain theme"
      aria-label={`Colours: ${choice}`}
      title={`Colours: ${choice}`}
      onClick={() => {
        chooseTheme(next[choice]);
        setChoice(next[choice]);
      }}
    >
      <span aria-hidden="true">{signs[choice]}</span>
    </button>
  );
}
