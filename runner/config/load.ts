import type { Workflow } from './types.ts';

export interface ReadOptions {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
}

/** Reads, renders, parses and merges a workflow file. @throws UserError or UserErrors with places in their text. */
export async function readWorkflow(_path: string, _options: ReadOptions): Promise<Workflow> {
  throw new Error('under construction');
}
