import { type CatalogueEntry, entryOf } from './core/registry.ts';

const handler = entryOf('handler');
const loader = entryOf('loader');
const processor = entryOf('processor');
const instProcessor = entryOf('instProcessor');
const dataset = entryOf('dataset');
const model = entryOf('model');
const strategy = entryOf('strategy');
const executor = entryOf('executor');
const orderGenerator = entryOf('orderGenerator');
const riskModel = entryOf('riskModel');

const processors = ['qlib.data.dataset.processor'];
const highFreq = ['qlib.contrib.data.highfreq_processor'];
const loaders = ['qlib.data.dataset.loader'];
const handlers = ['qlib.contrib.data.handler'];
const executors = ['qlib.backtest.executor'];
const signalStrategies = [
  'qlib.contrib.strategy',
  'qlib.contrib.strategy.signal_strategy',
  'qlib.contrib.strategy.strategy',
];
const ruleStrategies = ['qlib.contrib.strategy', 'qlib.contrib.strategy.rule_strategy'];
const riskModels = ['qlib.model.riskmodel'];
const orderGenerators = ['qlib.contrib.strategy.order_generator'];

/** Everything a YAML `class:` may name, one line a component, loaded when it is named. */
export const catalogue: readonly CatalogueEntry[] = [
  dataset('DatasetH', ['qlib.data.dataset'], () =>
    import('./dataset/dataset-h.ts').then((m) => m.DatasetHDefinition),
  ),
  dataset('TSDatasetH', ['qlib.data.dataset'], () =>
    import('./dataset/ts-dataset-h.ts').then((m) => m.TSDatasetHDefinition),
  ),
  handler('DataHandler', ['qlib.data.dataset.handler', 'qlib.data.dataset'], () =>
    import('./dataset/handler/data-handler.ts').then((m) => m.DataHandlerDefinition),
  ),
  handler('DataHandlerLP', ['qlib.data.dataset.handler', 'qlib.data.dataset'], () =>
    import('./dataset/handler/data-handler-lp.ts').then((m) => m.DataHandlerLPDefinition),
  ),
  handler('Alpha158', handlers, () => import('./dataset/handler/alpha158.ts').then((m) => m.Alpha158)),
  handler('Alpha158vwap', handlers, () =>
    import('./dataset/handler/alpha158.ts').then((m) => m.Alpha158vwap),
  ),
  handler('Alpha360', handlers, () => import('./dataset/handler/alpha360.ts').then((m) => m.Alpha360)),
  handler('Alpha360vwap', handlers, () =>
    import('./dataset/handler/alpha360.ts').then((m) => m.Alpha360vwap),
  ),
  handler('HighFreqGeneralHandler', ['qlib.contrib.data.highfreq_handler'], () =>
    import('./dataset/handler/high-freq-general.ts').then((m) => m.HighFreqGeneralHandler),
  ),
  handler('HighFreqGeneralBacktestHandler', ['qlib.contrib.data.highfreq_handler'], () =>
    import('./dataset/handler/high-freq-general.ts').then((m) => m.HighFreqGeneralBacktestHandler),
  ),
  loader('QlibDataLoader', loaders, () =>
    import('./dataset/loader/qlib-data-loader.ts').then((m) => m.QlibDataLoader),
  ),
  loader('Alpha158DL', ['qlib.contrib.data.loader'], () =>
    import('./dataset/loader/alpha-loaders.ts').then((m) => m.Alpha158DL),
  ),
  loader('Alpha360DL', ['qlib.contrib.data.loader'], () =>
    import('./dataset/loader/alpha-loaders.ts').then((m) => m.Alpha360DL),
  ),
  loader('DataLoaderDH', loaders, () =>
    import('./dataset/loader/data-loader-dh.ts').then((m) => m.DataLoaderDH),
  ),
  loader('NestedDataLoader', loaders, () =>
    import('./dataset/loader/nested-data-loader.ts').then((m) => m.NestedDataLoader),
  ),
  loader('StaticDataLoader', loaders, () =>
    import('./dataset/loader/static-data-loader.ts').then((m) => m.StaticDataLoader),
  ),
  handler('Avg15minHandler', ['multi_freq_handler.py'], () =>
    import('./dataset/handler/avg15min.ts').then((m) => m.Avg15minHandler),
  ),
  instProcessor('ResampleNProcessor', ['features_resample_N.py'], () =>
    import('./dataset/processor/resample-n.ts').then((m) => m.ResampleNProcessor),
  ),
  instProcessor('Resample1minProcessor', ['features_sample.py'], () =>
    import('./dataset/processor/resample-n.ts').then((m) => m.Resample1minProcessor),
  ),
  instProcessor('TimeRangeFlt', processors, () =>
    import('./dataset/processor/time-range-flt.ts').then((m) => m.TimeRangeFlt),
  ),
  processor('ConfigSectionProcessor', ['qlib.contrib.data.processor'], () =>
    import('./dataset/processor/config-section-processor.ts').then((m) => m.ConfigSectionProcessor),
  ),
  processor('CSRankNorm', processors, () =>
    import('./dataset/processor/cs-rank-norm.ts').then((m) => m.CSRankNorm),
  ),
  processor('CSZFillna', processors, () =>
    import('./dataset/processor/csz-fillna.ts').then((m) => m.CSZFillna),
  ),
  processor('CSZScoreNorm', processors, () =>
    import('./dataset/processor/cs-zscore-norm.ts').then((m) => m.CSZScoreNorm),
  ),
  processor('DropCol', processors, () => import('./dataset/processor/drop-col.ts').then((m) => m.DropCol)),
  processor('DropnaLabel', processors, () =>
    import('./dataset/processor/dropna-label.ts').then((m) => m.DropnaLabel),
  ),
  processor('DropnaProcessor', processors, () =>
    import('./dataset/processor/dropna-processor.ts').then((m) => m.DropnaProcessor),
  ),
  processor('Fillna', processors, () => import('./dataset/processor/fillna.ts').then((m) => m.Fillna)),
  processor('FilterCol', processors, () =>
    import('./dataset/processor/filter-col.ts').then((m) => m.FilterCol),
  ),
  processor('HashStockFormat', processors, () =>
    import('./dataset/processor/hash-stock-format.ts').then((m) => m.HashStockFormat),
  ),
  processor('HighFreqNorm', highFreq, () =>
    import('./dataset/processor/high-freq-norm.ts').then((m) => m.HighFreqNorm),
  ),
  processor('HighFreqTrans', highFreq, () =>
    import('./dataset/processor/high-freq-trans.ts').then((m) => m.HighFreqTrans),
  ),
  processor('MinMaxNorm', processors, () =>
    import('./dataset/processor/min-max-norm.ts').then((m) => m.MinMaxNorm),
  ),
  processor('ProcessInf', processors, () =>
    import('./dataset/processor/process-inf.ts').then((m) => m.ProcessInf),
  ),
  processor('RobustZScoreNorm', processors, () =>
    import('./dataset/processor/robust-zscore-norm.ts').then((m) => m.RobustZScoreNorm),
  ),
  processor('TanhProcess', processors, () =>
    import('./dataset/processor/tanh-process.ts').then((m) => m.TanhProcess),
  ),
  processor('ZScoreNorm', processors, () =>
    import('./dataset/processor/zscore-norm.ts').then((m) => m.ZScoreNorm),
  ),
  model('LGBModel', ['qlib.contrib.model.gbdt'], () =>
    import('./model/lgb-model.ts').then((m) => m.LGBModelDefinition),
  ),
  model('HFLGBModel', ['qlib.contrib.model.highfreq_gdbt_model'], () =>
    import('./model/hf-lgb-model.ts').then((m) => m.HFLGBModelDefinition),
  ),
  model('DEnsembleModel', ['qlib.contrib.model.double_ensemble'], () =>
    import('./model/double-ensemble.ts').then((m) => m.DEnsembleModelDefinition),
  ),
  model('XGBModel', ['qlib.contrib.model.xgboost'], () =>
    import('./model/xgb-model.ts').then((m) => m.XGBModelDefinition),
  ),
  model('CatBoostModel', ['qlib.contrib.model.catboost_model'], () =>
    import('./model/catboost-model.ts').then((m) => m.CatBoostModelDefinition),
  ),
  model('LinearModel', ['qlib.contrib.model.linear'], () =>
    import('./model/linear.ts').then((m) => m.LinearModelDefinition),
  ),
  executor('SimulatorExecutor', executors, () =>
    import('./backtest/simulator-executor.ts').then((m) => m.SimulatorExecutor),
  ),
  executor('NestedExecutor', executors, () =>
    import('./backtest/nested-executor.ts').then((m) => m.NestedExecutor),
  ),
  strategy('TopkDropoutStrategy', signalStrategies, () =>
    import('./strategy/topk-dropout.ts').then((m) => m.TopkDropoutStrategy),
  ),
  strategy('EnhancedIndexingStrategy', signalStrategies, () =>
    import('./strategy/enhanced-indexing.ts').then((m) => m.EnhancedIndexingStrategy),
  ),
  strategy('SoftTopkStrategy', ['qlib.contrib.strategy', 'qlib.contrib.strategy.cost_control'], () =>
    import('./strategy/soft-topk.ts').then((m) => m.SoftTopkStrategy),
  ),
  strategy('LongShortTopkStrategy', ['qrun'], () =>
    import('./strategy/long-short-topk.ts').then((m) => m.LongShortTopkStrategy),
  ),
  strategy('TWAPStrategy', ruleStrategies, () => import('./strategy/twap.ts').then((m) => m.TWAPStrategy)),
  strategy('SBBStrategyEMA', ruleStrategies, () =>
    import('./strategy/sbb-ema.ts').then((m) => m.SBBStrategyEMA),
  ),
  strategy('ACStrategy', ruleStrategies, () => import('./strategy/ac.ts').then((m) => m.ACStrategy)),
  strategy('FileOrderStrategy', ruleStrategies, () =>
    import('./strategy/file-order.ts').then((m) => m.FileOrderStrategy),
  ),
  strategy('RandomOrderStrategy', ruleStrategies, () =>
    import('./strategy/random-order.ts').then((m) => m.RandomOrderStrategy),
  ),
  orderGenerator('OrderGenWInteract', orderGenerators, () =>
    import('./strategy/order-gen-w-interact.ts').then((m) => m.OrderGenWInteract),
  ),
  orderGenerator('OrderGenWOInteract', orderGenerators, () =>
    import('./strategy/order-gen-wo-interact.ts').then((m) => m.OrderGenWOInteract),
  ),
  riskModel('POETCovEstimator', [...riskModels, 'qlib.model.riskmodel.poet'], () =>
    import('./riskmodel/poet.ts').then((m) => m.POETCovEstimator),
  ),
  riskModel('ShrinkCovEstimator', [...riskModels, 'qlib.model.riskmodel.shrink'], () =>
    import('./riskmodel/shrink.ts').then((m) => m.ShrinkCovEstimator),
  ),
  riskModel('StructuredCovEstimator', [...riskModels, 'qlib.model.riskmodel.structured'], () =>
    import('./riskmodel/structured.ts').then((m) => m.StructuredCovEstimator),
  ),
];
