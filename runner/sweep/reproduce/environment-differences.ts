/** What `environment.json` of a run says, as far as it bears on figures. */
export interface RecordedEnvironment {
  readonly qrun?: string;
  readonly node?: string;
  readonly v8?: string;
  readonly packages?: Readonly<Record<string, string>>;
  readonly git?: {
    readonly commit?: string;
    readonly branch?: string | null;
    readonly isDirty?: boolean;
  } | null;
  readonly arch?: string;
  readonly cpu?: { readonly model?: string };
  readonly seed?: number;
  readonly threads?: number;
  readonly blasThreads?: number;
}

/** What differs between then and now, a line each: versions, packages, the code's state in git, the kind of machine. */
export function environmentDifferences(then: RecordedEnvironment, now: RecordedEnvironment): string[] {
  const lines: string[] = [];
  const compare = (name: string, a: unknown, b: unknown) => {
    if (a !== undefined && a !== b) lines.push(`${name}: ${a} then, ${b ?? 'none'} now`);
  };
  compare('qrun', then.qrun, now.qrun);
  compare('node', then.node, now.node);
  compare('v8', then.v8, now.v8);
  for (const name of new Set([...Object.keys(then.packages ?? {}), ...Object.keys(now.packages ?? {})])) {
    const [a, b] = [then.packages?.[name], now.packages?.[name]];
    if (a !== b) lines.push(`package ${name}: ${a ?? 'none'} then, ${b ?? 'none'} now`);
  }
  compare('git commit', then.git?.commit, now.git?.commit);
  if (then.git?.isDirty) lines.push('git: there were uncommitted changes then (code_diff.txt has them)');
  if (now.git?.isDirty) lines.push('git: there are uncommitted changes now');
  compare('processor', then.arch, now.arch);
  compare('processor model', then.cpu?.model, now.cpu?.model);
  compare('threads of linear algebra', then.blasThreads, now.blasThreads);
  return lines;
}
