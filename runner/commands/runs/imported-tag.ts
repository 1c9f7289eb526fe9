/** Tag of a copy that could not keep its id: the id of the run that it is a copy of. */
export const importedTag = 'qrun.imported.id';
