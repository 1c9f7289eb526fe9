import { UserError } from '../../components/core/errors.ts';
import type { RecordContext, RecordTemplate } from '../record.ts';

/** What a template makes: artifacts by name. */
export type Artifacts = Readonly<Record<string, unknown>>;

/** What tells templates apart; `artifactTemplate` does the rest. */
export interface TemplateParts<W> {
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
  /** What takes long: reads and reckons, and writes nothing, so that it can be done beside other records. */
  work?(): Promise<W>;
  /** @param worked what `work` gave */
  generate(worked: W): Promise<Artifacts>;
  /** Called when they are saved. */
  saved?(worked: W): Promise<void>;
}

/**
 * A record that checks its input, makes its artifacts and saves them: qlib's ACRecordTemp. A missing input is an error here, where qlib
 * warns and leaves the record out.
 */
export function artifactTemplate<W = void>(context: RecordContext, parts: TemplateParts<W>): RecordTemplate {
  const { recorder, log } = context;
  /** Null: the results are there. */
  const worked = async (): Promise<{ readonly of: W } | null> => {
    if (parts.skipExisting && (await isThere(parts.writes, parts.artifactPath, recorder))) return null;
    const there = new Set(await recorder.listArtifacts());
    for (const input of parts.reads) if (!there.has(input)) throw missingInput(parts.name, input, there);
    return { of: (await parts.work?.()) as W };
  };
  let begun: ReturnType<typeof worked> | undefined;
  return {
    artifactPath: parts.artifactPath,
    list: () => parts.writes,
    ...(parts.work && {
      async begin() {
        begun = worked();
        await begun.catch(() => undefined);
      },
    }),
    async generate() {
      const made = await (begun ?? worked());
      begun = undefined;
      if (made === null) {
        log.info(`${parts.name}: the results are there, nothing is done (skip_existing)`);
        return;
      }
      await recorder.saveObjects(await parts.generate(made.of), parts.artifactPath);
      await parts.saved?.(made.of);
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
