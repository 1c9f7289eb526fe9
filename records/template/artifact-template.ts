import { UserError } from '../../components/core/errors.ts';
import type { RecordContext, RecordTemplate } from '../record.ts';

/** What a template makes: artifacts by name. */
export type Artifacts = Readonly<Record<string, unknown>>;

/** What tells templates apart; `artifactTemplate` does the rest. */
export interface TemplateParts {
  /** For messages. */
  readonly name: string;
  /** Folder of the artifacts; empty: the run's root. */
  readonly artifactPath: string;
  /** Artifacts that must be there before. */
  readonly reads: readonly string[];
  /** Artifacts that are there afterwards, as qlib's `list()` gives them. */
  readonly writes: readonly string[];
  /** Leave the record out where all of `writes` are there. */
  readonly skipExisting?: boolean | undefined;
  generate(): Promise<Artifacts>;
}

/**
 * A record that checks its input, makes its artifacts and saves them: qlib's ACRecordTemp. A missing input is an error here, where qlib
 * warns and leaves the record out.
 */
export function artifactTemplate(context: RecordContext, parts: TemplateParts): RecordTemplate {
  const { recorder, log } = context;
  return {
    artifactPath: parts.artifactPath,
    list: () => parts.writes,
    async generate() {
      const there = new Set(await recorder.listArtifacts());
      if (parts.skipExisting && (await isThere(parts.writes, parts.artifactPath, recorder))) {
        log.info(`${parts.name}: the results are there, nothing is done (skip_existing)`);
        return;
      }
      for (const input of parts.reads) if (!there.has(input)) throw missingInput(parts.name, input, there);
      const artifacts = await parts.generate();
      await recorder.saveObjects(artifacts, parts.artifactPath);
    },
  };
}

async function isThere(
  names: readonly string[],
  folder: string,
  recorder: RecordContext['recorder'],
): Promise<boolean> {
  const found = new Set(await recorder.listArtifacts(folder));
  return names.every((name) => found.has(folder ? `${folder}/${name}` : name));
}

function missingInput(record: string, input: string, there: ReadonlySet<string>): UserError {
  const names = [...there].join(', ') || 'none';
  return new UserError(`${record} reads "${input}", which the run does not have`, {
    hint: `put a SignalRecord in front of it; artifacts that are there: ${names}`,
  });
}
