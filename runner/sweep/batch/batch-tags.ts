/** Tags that a batch gives to its runs. */
export const batchTags = { name: 'qrun.batch.name', key: 'qrun.batch.key' } as const;
