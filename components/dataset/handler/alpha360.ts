import { alphaHandler, closeLabel, processors, vwapLabel } from './alpha.ts';
import { alpha360Features } from './alpha360-features.ts';

const recipe = {
  features: alpha360Features,
  inferProcessors: ['ProcessInf', 'ZScoreNorm', 'Fillna'].map((name) => ({
    class: name,
    module_path: processors,
  })),
};

/** 60 days of prices and volume; label: the next day's return of the close. Source: qlib contrib/data/handler.py. */
export const Alpha360 = alphaHandler({ ...recipe, name: 'Alpha360', label: closeLabel });

/** Alpha360 with the return of the volume-weighted price as label. */
export const Alpha360vwap = alphaHandler({ ...recipe, name: 'Alpha360vwap', label: vwapLabel });
