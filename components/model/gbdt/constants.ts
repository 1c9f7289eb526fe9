/** LightGBM's constants (meta.h, bin.h): written there as float32 literals, hence the odd digits in double. */
export const epsilon = Math.fround(1e-15);
/** Values this near to zero are zero. */
export const zeroThreshold = Math.fround(1e-35);
/** A bin that is not the zero bin is taken out of the histogram sum only from this share of rows on. */
export const sparseThreshold = 0.7;

export const missingNone = 0;
export const missingZero = 1;
export const missingNaN = 2;
/** How a feature marks missing values: not at all, by zero, by NaN. */
export type MissingType = typeof missingNone | typeof missingZero | typeof missingNaN;
