import { createRequire } from 'node:module';
import { join } from 'node:path';
import { UserError } from '../../../core/errors.ts';

/** The environment variable that names LightGBM's shared library. */
export const libraryVariable = 'QRUN_LIGHTGBM';

/** Functions of LightGBM's C API (include/LightGBM/c_api.h). Each returns 0, or -1 and leaves a message. */
export interface NativeLibrary {
  /** Calls a function. @throws UserError with LightGBM's message where it fails. */
  call(name: keyof typeof prototypes, ...args: unknown[]): void;
}

/** What is used of koffi. */
interface Koffi {
  load(path: string): { func(prototype: string): (...args: unknown[]) => unknown };
}

const prototypes = {
  LGBM_DatasetCreateFromMat:
    'int LGBM_DatasetCreateFromMat(const void *data, int type, int32 rows, int32 columns, int row_major, const char *params, void *reference, _Out_ void **out)',
  LGBM_DatasetSetField:
    'int LGBM_DatasetSetField(void *dataset, const char *name, const void *data, int count, int type)',
  LGBM_DatasetFree: 'int LGBM_DatasetFree(void *dataset)',
  LGBM_BoosterCreate: 'int LGBM_BoosterCreate(void *dataset, const char *params, _Out_ void **out)',
  LGBM_BoosterAddValidData: 'int LGBM_BoosterAddValidData(void *booster, void *dataset)',
  LGBM_BoosterUpdateOneIter: 'int LGBM_BoosterUpdateOneIter(void *booster, _Out_ int *finished)',
  LGBM_BoosterGetEvalCounts: 'int LGBM_BoosterGetEvalCounts(void *booster, _Out_ int *count)',
  LGBM_BoosterGetEval:
    'int LGBM_BoosterGetEval(void *booster, int set, _Out_ int *count, _Out_ double *values)',
  LGBM_BoosterSaveModelToString:
    'int LGBM_BoosterSaveModelToString(void *booster, int start, int iterations, int importance, int64 room, _Out_ int64 *length, _Out_ uint8 *text)',
  LGBM_BoosterFree: 'int LGBM_BoosterFree(void *booster)',
} as const;

const path = ['backend'];

/**
 * LightGBM's own library, through koffi, which is looked for in qrun's node_modules and in those of `folder`.
 * @throws UserError where the environment variable is not set, or either cannot be loaded.
 */
export function loadLibrary(
  file: string | undefined = process.env[libraryVariable],
  folder: string = process.cwd(),
): NativeLibrary {
  if (!file)
    throw new UserError('backend native needs LightGBM itself', {
      hint: `set ${libraryVariable} to the path of lib_lightgbm.so (pip's lightgbm has it in lightgbm/lib), or leave out backend`,
      path,
    });
  const library = open(loadKoffi(folder), file);
  const lastError = library.func('const char *LGBM_GetLastError()');
  const functions = new Map<string, (...args: unknown[]) => unknown>();
  return {
    call(name, ...args) {
      let run = functions.get(name);
      if (!run) functions.set(name, (run = library.func(prototypes[name])));
      if (run(...args) !== 0) throw new UserError(`LightGBM (${name}): ${String(lastError())}`, { path });
    },
  };
}

function open(koffi: Koffi, file: string) {
  try {
    return koffi.load(file);
  } catch (cause) {
    throw new UserError(`${libraryVariable}: ${file} cannot be loaded: ${(cause as Error).message}`, {
      hint: 'it must name lib_lightgbm.so (.dylib, .dll) for this machine',
      path,
      cause,
    });
  }
}

function loadKoffi(folder: string): Koffi {
  for (const from of [import.meta.url, join(folder, 'package.json')])
    try {
      return createRequire(from)('koffi') as Koffi;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'MODULE_NOT_FOUND') throw error;
    }
  throw new UserError('backend native needs the package koffi', {
    hint: 'install it beside your workflow: npm install koffi',
    path,
  });
}
