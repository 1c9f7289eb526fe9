import type { CatalogueEntry } from './core/registry.ts';

/** Everything a YAML `class:` may name, one line a component, loaded when it is named. */
export const catalogue: readonly CatalogueEntry[] = [];
