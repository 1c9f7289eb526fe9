import { useEffect, useId, useMemo, useRef, useState } from 'preact/hooks';
import { type Grammar, runGrammar } from '../../../records/tracking/search/grammar.ts';
import { parseFilter } from '../../../records/tracking/search/parse-filter.ts';
import { completions } from './completions.ts';

interface Props {
  readonly value: string;
  readonly keys: readonly string[];
  readonly label: string;
  readonly placeholder: string;
  readonly grammar?: Grammar;
  readonly onChange: (filter: string) => void;
}

/** A field for the search language: names are completed, mistakes are told at the character while one types. */
export function FilterInput({ value, keys, label, placeholder, grammar = runGrammar, onChange }: Props) {
  const [text, setText] = useState(value);
  const [isOpen, setOpen] = useState(false);
  const [chosen, setChosen] = useState(-1);
  const [caret, setCaret] = useState(value.length);
  const input = useRef<HTMLInputElement>(null);
  const id = useId();
  useEffect(() => setText(value), [value]);
  const mistake = useMemo(() => mistakeIn(text, grammar), [text, grammar]);
  const found = useMemo(() => (isOpen ? completions(text, caret, keys) : null), [isOpen, text, caret, keys]);
  const items = found?.items ?? [];

  const take = (item: string) => {
    if (!found) return;
    const next = `${text.slice(0, found.from)}${item} ${text.slice(caret).trimStart()}`;
    const place = found.from + item.length + 1;
    setText(next);
    setChosen(-1);
    setCaret(place);
    requestAnimationFrame(() => {
      input.current?.focus();
      input.current?.setSelectionRange(place, place);
    });
  };
  const submit = () => {
    if (mistake === null) onChange(text.trim());
    setOpen(false);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'ArrowDown' && items.length > 0) setChosen((chosen + 1) % items.length);
    else if (event.key === 'ArrowUp' && items.length > 0)
      setChosen((chosen - 1 + items.length) % items.length);
    else if (event.key === 'Escape') setOpen(false);
    else if ((event.key === 'Enter' || event.key === 'Tab') && isOpen && items[chosen] !== undefined)
      take(items[chosen]!);
    else if (event.key === 'Enter') submit();
    else return;
    event.preventDefault();
  };
  return (
    <div class="filter">
      <input
        ref={input}
        type="text"
        role="combobox"
        aria-label={label}
        aria-expanded={items.length > 0}
        aria-controls={`${id}-list`}
        aria-autocomplete="list"
        aria-activedescendant={chosen >= 0 ? `${id}-${chosen}` : undefined}
        aria-invalid={mistake !== null}
        aria-describedby={mistake === null ? undefined : `${id}-mistake`}
        autocomplete="off"
        spellcheck={false}
        placeholder={placeholder}
        value={text}
        onInput={(event) => {
          setText(event.currentTarget.value);
          setCaret(event.currentTarget.selectionStart ?? event.currentTarget.value.length);
          setOpen(true);
          setChosen(-1);
          if (event.currentTarget.value === '') onChange('');
        }}
        onClick={(event) => setCaret(event.currentTarget.selectionStart ?? 0)}
        onFocus={() => setOpen(true)}
        onBlur={() => setTimeout(() => setOpen(false), 150)}
        onKeyDown={onKeyDown}
      />
      <div
        id={`${id}-list`}
        role="listbox"
        aria-label="Completions"
        class="completions"
        hidden={items.length === 0}
      >
        {items.map((item, i) => (
          <div
            key={item}
            id={`${id}-${i}`}
            role="option"
            tabIndex={-1}
            aria-selected={i === chosen}
            onMouseDown={(event) => {
              event.preventDefault();
              take(item);
            }}
          >
            {item}
          </div>
        ))}
      </div>
      {mistake !== null && text.trim() !== '' && (
        <pre id={`${id}-mistake`} class="mistake" role="status">
          {mistake}
        </pre>
      )}
    </div>
  );
}

function mistakeIn(text: string, grammar: Grammar): string | null {
  try {
    parseFilter(text, grammar);
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
