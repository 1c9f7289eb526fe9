/** What a processor learned: figures by qlib's attribute name, by column, `feature.MA5`. */
export type LearnedColumns = Readonly<Record<string, Readonly<Record<string, number>>>>;
