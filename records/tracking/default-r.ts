import { createR } from './r.ts';

/** The `R` of this process, over `mlruns` in the working folder unless `setUri` says otherwise. */
export const R = createR();
