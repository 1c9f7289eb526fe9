import { useState } from 'preact/hooks';
import { Dialog } from './dialog.tsx';

/** Chooses which keys are columns, found by typing a part of them. */
export function ColumnChooser({
  keys,
  chosen,
  onChange,
  onClose,
}: {
  keys: readonly string[];
  chosen: readonly string[];
  onChange: (chosen: string[] | null) => void;
  onClose: () => void;
}) {
  const [text, setText] = useState('');
  const shown = keys.filter((key) => key.toLowerCase().includes(text.toLowerCase())).slice(0, 300);
  const toggle = (key: string) =>
    onChange(chosen.includes(key) ? chosen.filter((k) => k !== key) : [...chosen, key]);
  return (
    <Dialog title="Columns" onClose={onClose}>
      <input
        type="search"
        aria-label="Find a column"
        placeholder="Find"
        value={text}
        onInput={(event) => setText(event.currentTarget.value)}
      />
      <ul class="choices">
        {shown.map((key) => (
          <li key={key}>
            <label>
              <input type="checkbox" checked={chosen.includes(key)} onChange={() => toggle(key)} />
              {key}
            </label>
          </li>
        ))}
      </ul>
      <footer>
        <button type="button" onClick={() => onChange(null)}>
          As at first
        </button>
        <button type="button" class="primary" onClick={onClose}>
          Done
        </button>
      </footer>
    </Dialog>
  );
}
