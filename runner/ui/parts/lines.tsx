import { Scroll } from './scroll.tsx';

const most = 20_000;

/** Text with line numbers. `diff` colours what was added and removed. */
export function Lines({ text, label, diff = false }: { text: string; label: string; diff?: boolean }) {
  const lines = text.replace(/\n$/, '').split('\n');
  return (
    <Scroll class="lines" label={label}>
      <pre>
        {lines.slice(0, most).map((line, i) => (
          <span key={i} class={`line ${diff ? sideOf(line) : ''}`}>
            {line}
            {'\n'}
          </span>
        ))}
      </pre>
      {lines.length > most && <p class="message">{lines.length - most} more lines are in the file.</p>}
    </Scroll>
  );
}

function sideOf(line: string): string {
  if (line.startsWith('+++') || line.startsWith('---') || line.startsWith('diff ')) return 'file';
  if (line.startsWith('@@')) return 'place';
  return line.startsWith('+') ? 'added' : line.startsWith('-') ? 'removed' : '';
}
