import type { UserError } from '../../../components/core/errors.ts';
import type { DataProvider } from '../../../components/data/provider.ts';
import type { FoundComponent } from '../check-component.ts';

/** A workflow beside its data: what the rules below look at. */
export interface DataScene {
  readonly data: DataProvider;
  readonly handlers: readonly FoundComponent[];
  readonly datasets: readonly FoundComponent[];
  readonly strategies: readonly FoundComponent[];
  readonly records: readonly FoundComponent[];
}

export type Rule = (
  scene: DataScene,
  findings: { readonly errors: UserError[]; readonly warnings: UserError[] },
) => Promise<void>;
