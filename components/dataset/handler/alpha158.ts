import { alphaHandler, closeLabel, vwapLabel } from './alpha.ts';
import { alpha158Features } from './alpha158-features.ts';

const recipe = { features: () => alpha158Features(), inferProcessors: [] };

/** 158 figures of price and volume a day; label: the next day's return of the close. Source: qlib contrib/data/handler.py. */
export const Alpha158 = alphaHandler({ ...recipe, name: 'Alpha158', label: closeLabel });

/** Alpha158 with the return of the volume-weighted price as label. */
export const Alpha158vwap = alphaHandler({ ...recipe, name: 'Alpha158vwap', label: vwapLabel });
