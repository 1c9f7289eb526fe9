/** Artifact with the fingerprint of the data that a run has read. */
export const fingerprintFile = 'data_fingerprint.json.gz';
/** Tag with its root. */
export const fingerprintTag = 'qrun.data';
