import type { CatalogueEntry } from '../components/core/registry.ts';

/** The record templates that `task.record` may name. */
export const recordCatalogue: readonly CatalogueEntry[] = [];
