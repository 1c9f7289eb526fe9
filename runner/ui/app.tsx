import { useEffect, useRef } from 'preact/hooks';
import { Boundary } from './parts/boundary.tsx';
import { ThemeButton } from './parts/theme-button.tsx';
import { linkTo, usePlace } from './router.ts';
import { CompareView } from './views/compare.tsx';
import { ExperimentsView } from './views/experiments.tsx';
import { RunView } from './views/run.tsx';
import { RunsView } from './views/runs.tsx';
import { SweepView } from './views/sweep.tsx';
import { SweepsView } from './views/sweeps.tsx';

/** The page: which view the address names. Addresses of experiments and runs are those of MLflow's page. */
export function App() {
  const { parts, query } = usePlace();
  const main = useRef<HTMLElement>(null);
  const path = parts.join('/');
  const isFirst = useRef(true);
  useEffect(() => {
    if (isFirst.current) isFirst.current = false;
    else main.current?.focus();
  }, [path]);
  const [kind, id, below, runId] = parts;
  return (
    <>
      <button type="button" class="skip" onClick={() => main.current?.focus()}>
        Skip to the content
      </button>
      <header class="bar">
        <a class="brand" href="#/">
          <svg viewBox="0 0 24 24" width="20" height="20" aria-hidden="true">
            <path
              d="M3 17l5-6 4 4 8-10"
              fill="none"
              stroke="currentColor"
              stroke-width="2.4"
              stroke-linecap="round"
              stroke-linejoin="round"
            />
          </svg>
          qrun
        </a>
        <nav aria-label="Main">
          <a href="#/" aria-current={kind === undefined || kind === 'experiments' ? 'page' : undefined}>
            Experiments
          </a>
          <a href={linkTo(['sweeps'])} aria-current={kind === 'sweeps' ? 'page' : undefined}>
            Sweeps
          </a>
        </nav>
        <ThemeButton />
      </header>
      <main id="main" ref={main} tabIndex={-1}>
        <Boundary key={path}>
          {kind === 'experiments' && id && below === 'runs' && runId ? (
            <RunView key={runId} experimentId={id} runId={runId} tab={parts[4] ?? 'summary'} />
          ) : kind === 'experiments' && id ? (
            <RunsView key={id} experimentId={id} query={query} />
          ) : kind === 'compare' ? (
            <CompareView ids={(query.get('runs') ?? '').split(',').filter(Boolean)} />
          ) : kind === 'sweeps' && id ? (
            <SweepView key={id} id={id} query={query} />
          ) : kind === 'sweeps' ? (
            <SweepsView />
          ) : (
            <ExperimentsView query={query} />
          )}
        </Boundary>
      </main>
    </>
  );
}
