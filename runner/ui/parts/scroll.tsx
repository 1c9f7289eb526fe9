import type { ComponentChildren, RefObject } from 'preact';

interface Props {
  readonly label: string;
  readonly class: string;
  readonly children: ComponentChildren;
  readonly box?: RefObject<HTMLElement | null>;
  readonly onScroll?: (top: number) => void;
}

/** A named region that scrolls, by the keyboard too. */
export function Scroll({ label, class: name, children, box, onScroll }: Props) {
  return (
    <section
      ref={box}
      class={name}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard
      tabIndex={0}
      aria-label={label}
      onScroll={onScroll && ((event) => onScroll(event.currentTarget.scrollTop))}
    >
      {children}
    </section>
  );
}
