import { Panel } from '../../core/panel.ts';
import type { Definition } from '../../core/registry.ts';
import { openQlibDataLoader } from '../loader/qlib-data-loader.ts';
import type { DataHandler, DataLoader } from '../types.ts';
import { type AlphaOptions, alphaKwargs, closeLabel, fitTimesOf, learnProcessors } from './alpha.ts';
import { buildProcessors, DataHandlerLP } from './data-handler-lp.ts';

const fields = ['close', 'open', 'low', 'high', 'volume', 'vwap'];
const minutes = 15;
const periods = 16;

/** Expressions and names: each field's day, then its mean over each quarter of an hour, the last of the day first in the text. */
function config(): Record<string, [string[], string[]]> {
  const names = Array.from({ length: periods }, (_, k) => k + 1);
  return {
    feature_day: [fields.map((f) => `$${f}`), fields.map((f) => `${f}0`)],
    feature_15min: [
      fields.flatMap((f) => [
        ...names.slice(0, -1).map((j) => `Ref(Mean($${f}, ${minutes}), ${j * minutes})`),
        `Mean($${f}, ${minutes})`,
      ]),
      fields.flatMap((f) => [
        ...names
          .slice(0, -1)
          .reverse()
          .map((j) => `${f}${j}`),
        `${f}${periods}`,
      ]),
    ],
    label: [[closeLabel], ['LABEL0']],
  };
}

/**
 * Six fields of the day and the means of their 16 quarters of an hour; groups `feature_day` and `feature_15min` (for `freq` and `inst_processors`), `feature`
 * afterwards. Needs `freq: {feature_day: day, feature_15min: 1min, label: day}` and a ResampleNProcessor.
 * Source: `multi_freq_handler.py` of qlib's LightGBM benchmark.
 */
export const Avg15minHandler: Definition<DataHandler, AlphaOptions> = {
  name: 'Avg15minHandler',
  schema: alphaKwargs(),
  create: async (given, context) => {
    const options: AlphaOptions = {
      ...given,
      instruments: given.instruments === undefined ? 'csi500' : given.instruments,
      infer_processors: given.infer_processors ?? [],
      learn_processors: given.learn_processors ?? learnProcessors,
    };
    const inner = await openQlibDataLoader(
      {
        config: config(),
        filter_pipe: options.filter_pipe ?? null,
        freq: options.freq ?? 'day',
        inst_processors: options.inst_processors ?? null,
      },
      context,
    );
    const loader: DataLoader = {
      fresh: true,
      async load(instruments, start, end) {
        const { index, columns } = await inner.load(instruments, start, end);
        return new Panel(
          index,
          columns.map((c) => (c.group?.startsWith('feature') ? { ...c, group: 'feature' } : c)),
        );
      },
    };
    const processors = await buildProcessors(options, context, fitTimesOf(options));
    return new DataHandlerLP(loader, processors, options, context);
  },
};
