import { formatKeyPath, type UserError } from '../../components/core/errors.ts';
import { formatPlace, PlacedError } from './places.ts';
import type { Place, Workflow } from './types.ts';

/**
 * `file:line:column (key.path): problem`, the hint indented on the next line; sorted by place. Without a workflow (reading failed) only errors that bring
 * their own place have one.
 */
export function formatErrors(errors: readonly UserError[], workflow?: Workflow): string {
  return sorted(errors, workflow)
    .map(({ text }) => text)
    .join('\n');
}

/** The same, each beginning with `warning:`. */
export function formatWarnings(warnings: readonly UserError[], workflow?: Workflow): string {
  return sorted(warnings, workflow)
    .map(({ text }) => `warning: ${text}`)
    .join('\n');
}

/** Where an error stands: its own place, else that of its key path. */
export function placeOfError(error: UserError, workflow: Workflow | undefined): Place | undefined {
  return error instanceof PlacedError ? error.place : workflow?.placeOf(error.path);
}

function sorted(errors: readonly UserError[], workflow: Workflow | undefined) {
  return errors
    .map((error) => ({ place: placeOfError(error, workflow), text: formatError(error, workflow) }))
    .sort(
      (a, b) =>
        (a.place?.line ?? 0) - (b.place?.line ?? 0) || (a.place?.column ?? 0) - (b.place?.column ?? 0),
    );
}

function formatError(error: UserError, workflow: Workflow | undefined): string {
  const place = placeOfError(error, workflow);
  const path = error.path.length > 0 ? `(${formatKeyPath(error.path)})` : '';
  const head = [place ? formatPlace(place) : workflow?.file, path].filter(Boolean).join(' ');
  const hint = error.hint ? `\n  ${error.hint}` : '';
  return `${head ? `${head}: ` : ''}${error instanceof PlacedError ? error.detail : error.problem}${hint}`;
}
