import { type KeyPath, UserError, type UserErrorOptions } from '../../components/core/errors.ts';
import { nearest, unknownName } from '../../components/core/nearest.ts';
import type { CatalogueEntry } from '../../components/core/registry.ts';
import { article } from './describe.ts';
import { classesOf, currentModule, knownModules } from './known-classes.ts';
import type { Spec } from './spec.ts';
import type { AnyDefinition } from './types.ts';
import { definitionOf } from './user-definition.ts';
import { findUserModule, loadUserModule, looksLikeFile, type ModuleFolders } from './user-module.ts';

export interface Shelves extends ModuleFolders {
  readonly catalogue: readonly CatalogueEntry[];
}

/** A class of qlib that this runner does not have yet. */
export class NotBuiltError extends UserError {
  override within(prefix: KeyPath): NotBuiltError {
    const { problem, hint, cause } = this;
    return new NotBuiltError(problem, { hint, cause, path: [...prefix, ...this.path] });
  }
}

/**
 * Finds what a class config names: in the catalogue by module and name, else in the user's own files.
 * @throws UserError with a path relative to the config
 */
export async function locate(
  kind: string,
  spec: Spec,
  defaultModule: string | undefined,
  shelves: Shelves,
): Promise<AnyDefinition> {
  const module = currentModule(spec.module ?? defaultModule ?? '');
  const candidates = shelves.catalogue.filter((e) => e.name === spec.name && e.kind === kind);
  const found = module === '' ? onlyOne(candidates) : candidates.find((e) => isIn(module, e));
  if (found) return (await found.load()) as unknown as AnyDefinition;
  if (module === '' || isQlibModule(module, shelves)) throw misnamed(kind, spec, module, shelves);
  if (isExample(module, spec.name)) throw notBuilt(kind, spec, module, shelves);
  const file = findFile(module, spec, shelves);
  if (file === undefined) throw unknownModule(module, spec, shelves);
  return definitionOf(await loadUserModule(file), spec, file);
}

/** In the module itself, or in one below that the package takes it from. */
function isIn(module: string, { name, modulePaths }: CatalogueEntry): boolean {
  if (modulePaths.includes(module)) return true;
  return classesOf(module).includes(name) && modulePaths.some((path) => path.startsWith(`${module}.`));
}

const onlyOne = <T>(items: readonly T[]): T | undefined => (items.length === 1 ? items[0] : undefined);

function isQlibModule(module: string, { catalogue }: Shelves): boolean {
  return (
    (knownModules.includes(module) && module.startsWith('qlib')) ||
    catalogue.some((e) => e.modulePaths.includes(module))
  );
}

/** The files beside qlib's benchmark workflows that define classes. */
function isExample(module: string, name: string): boolean {
  return !module.startsWith('qlib') && classesOf(module).includes(name);
}

function findFile(module: string, spec: Spec, shelves: Shelves): string | undefined {
  try {
    return findUserModule(module, shelves);
  } catch (error) {
    throw error instanceof UserError ? error.within(spec.modulePath) : error;
  }
}

function notBuilt(kind: string, { name, namePath }: Spec, module: string, { catalogue }: Shelves): UserError {
  const built = [...new Set(catalogue.filter((e) => e.kind === kind).map((e) => e.name))];
  return new NotBuiltError(`the class ${name} of ${module} is not built yet`, {
    hint: `built for this place: ${built.length > 0 ? built.join(', ') : 'none'}`,
    path: namePath,
  });
}

/** The module is there, but not with a class of this name and kind. */
function misnamed(kind: string, spec: Spec, module: string, shelves: Shelves): UserError {
  const { name, namePath } = spec;
  const ofName = shelves.catalogue.filter((e) => e.name === name);
  const otherKind = ofName.every((e) => e.kind !== kind) ? ofName[0] : undefined;
  if (otherKind)
    return fail(`${name} is ${article(otherKind.kind)}, ${article(kind)} was expected here`, {
      hint: allowed(kind, name, shelves),
      path: namePath,
    });
  if (module !== '' && classesOf(module).includes(name)) return notBuilt(kind, spec, module, shelves);
  const elsewhere =
    ofName.find((e) => e.kind === kind)?.modulePaths[0] ??
    knownModules.find((m) => classesOf(m).includes(name));
  if (elsewhere !== undefined && module !== '')
    return fail(`the module ${module} has no class ${name}`, {
      hint: `did you mean module_path: ${elsewhere}`,
      path: spec.modulePath,
    });
  if (elsewhere !== undefined && ofName.length === 0) return notBuilt(kind, spec, elsewhere, shelves);
  return fail(`unknown ${kind} "${name.slice(0, 200)}"${module === '' ? '' : ` in module ${module}`}`, {
    hint: allowed(kind, name, shelves, module),
    path: namePath,
  });
}

const fail = (problem: string, options: UserErrorOptions) => new UserError(problem, options);

function allowed(kind: string, name: string, { catalogue }: Shelves, module = ''): string {
  const built = [...new Set(catalogue.filter((e) => e.kind === kind).map((e) => e.name))].sort();
  const near = nearest(name, built) ?? nearest(name, classesOf(module));
  return `${near ? `did you mean "${near}"? ` : ''}allowed: ${built.length > 0 ? built.join(', ') : 'none'}`;
}

function unknownModule(module: string, spec: Spec, { catalogue }: Shelves): UserError {
  const ofName = catalogue.filter((e) => e.name === spec.name).flatMap((e) => e.modulePaths);
  const modules = [...new Set([...ofName, ...catalogue.flatMap((e) => e.modulePaths), ...knownModules])];
  if (ofName.length > 0 || /^qlib\b/.test(module)) {
    const near = ofName[0] ?? nearest(module, modules);
    return fail(`unknown module "${module.slice(0, 200)}"`, {
      hint: near ? `did you mean module_path: ${near}` : "allowed: qlib's modules and your own files",
      path: spec.modulePath,
    });
  }
  const { problem, hint } = unknownName('module', module, modules, [], 8);
  const files = `; your own: ./FILE.ts in the config's folder${looksLikeFile(module) ? '' : ', or a file in sys.path'}`;
  return fail(problem, { hint: `${hint}${files}`, path: spec.modulePath });
}
