/**
 * The classes of qlib 0.9.7 by module, re-exports included, and those that the files beside qlib's benchmark workflows define: so that
 * "not built yet" can be told from "no such class". Made by reading the sources (top-level classes of each module, names imported by each
 * package); modules that no workflow can name are left out.
 */
const modules: Readonly<Record<string, string>> = {
  'qlib.backtest': 'Account Order Exchange CommonInfrastructure BaseStrategy BaseExecutor BaseTradeDecision',
  'qlib.backtest.account': 'AccumulatedInfo Account',
  'qlib.backtest.decision':
    'OrderDir Order OrderHelper TradeRange IdxTradeRange TradeRangeByTime BaseTradeDecision EmptyTradeDecision ' +
    'TradeDecisionWO TradeDecisionWithDetails',
  'qlib.backtest.exchange': 'Exchange',
  'qlib.backtest.executor': 'BaseExecutor NestedExecutor SimulatorExecutor',
  'qlib.backtest.position': 'BasePosition Position InfPosition',
  'qlib.backtest.report': 'PortfolioMetrics Indicator',
  'qlib.backtest.signal': 'Signal SignalWCache ModelSignal',
  'qlib.backtest.utils': 'TradeCalendarManager BaseInfrastructure CommonInfrastructure LevelInfrastructure',
  'qlib.contrib.data.data': 'ArcticFeatureProvider',
  'qlib.contrib.data.dataset': 'MTSDatasetH',
  'qlib.contrib.data.handler': 'Alpha360 Alpha360vwap Alpha158 Alpha158vwap',
  'qlib.contrib.data.highfreq_handler':
    'HighFreqHandler HighFreqGeneralHandler HighFreqBacktestHandler HighFreqGeneralBacktestHandler ' +
    'HighFreqOrderHandler HighFreqBacktestOrderHandler',
  'qlib.contrib.data.highfreq_processor': 'HighFreqTrans HighFreqNorm',
  'qlib.contrib.data.highfreq_provider': 'HighFreqProvider',
  'qlib.contrib.data.loader': 'Alpha360DL Alpha158DL',
  'qlib.contrib.data.processor': 'ConfigSectionProcessor',
  'qlib.contrib.meta': 'MetaTaskDS MetaDatasetDS MetaModelDS',
  'qlib.contrib.meta.data_selection': 'MetaDatasetDS MetaTaskDS MetaModelDS',
  'qlib.contrib.meta.data_selection.dataset': 'InternalData MetaTaskDS MetaDatasetDS',
  'qlib.contrib.meta.data_selection.model': 'TimeReweighter MetaModelDS',
  'qlib.contrib.meta.data_selection.net': 'TimeWeightMeta PredNet',
  'qlib.contrib.meta.data_selection.utils': 'ICLoss SingleMetaBase',
  'qlib.contrib.model':
    'CatBoostModel DEnsembleModel LGBModel XGBModel LinearModel ALSTM GATs GRU LSTM DNNModelPytorch TabnetModel ' +
    'SFM_Model TCN ADD',
  'qlib.contrib.model.catboost_model': 'CatBoostModel',
  'qlib.contrib.model.double_ensemble': 'DEnsembleModel',
  'qlib.contrib.model.gbdt': 'LGBModel',
  'qlib.contrib.model.highfreq_gdbt_model': 'HFLGBModel',
  'qlib.contrib.model.linear': 'LinearModel',
  'qlib.contrib.model.pytorch_adarnn':
    'ADARNN AdaRNN TransferLoss ReverseLayerF Discriminator MMD_loss Mine_estimator Mine',
  'qlib.contrib.model.pytorch_add': 'ADD ADDModel Decoder RevGradFunc RevGrad',
  'qlib.contrib.model.pytorch_alstm': 'ALSTM ALSTMModel',
  'qlib.contrib.model.pytorch_alstm_ts': 'ALSTM ALSTMModel',
  'qlib.contrib.model.pytorch_gats': 'GATs GATModel',
  'qlib.contrib.model.pytorch_gats_ts': 'DailyBatchSampler GATs GATModel',
  'qlib.contrib.model.pytorch_general_nn': 'GeneralPTNN',
  'qlib.contrib.model.pytorch_gru': 'GRU GRUModel',
  'qlib.contrib.model.pytorch_gru_ts': 'GRU GRUModel',
  'qlib.contrib.model.pytorch_hist': 'HIST HISTModel',
  'qlib.contrib.model.pytorch_igmtf': 'IGMTF IGMTFModel',
  'qlib.contrib.model.pytorch_krnn': 'CNNEncoderBase KRNNEncoderBase CNNKRNNEncoder KRNNModel KRNN',
  'qlib.contrib.model.pytorch_localformer':
    'LocalformerModel PositionalEncoding LocalformerEncoder Transformer',
  'qlib.contrib.model.pytorch_localformer_ts':
    'LocalformerModel PositionalEncoding LocalformerEncoder Transformer',
  'qlib.contrib.model.pytorch_lstm': 'LSTM LSTMModel',
  'qlib.contrib.model.pytorch_lstm_ts': 'LSTM LSTMModel',
  'qlib.contrib.model.pytorch_nn': 'DNNModelPytorch AverageMeter Net',
  'qlib.contrib.model.pytorch_sandwich': 'SandwichModel Sandwich',
  'qlib.contrib.model.pytorch_sfm': 'SFM_Model SFM AverageMeter',
  'qlib.contrib.model.pytorch_tabnet':
    'TabnetModel FinetuneModel DecoderStep TabNet_Decoder TabNet GBN GLU AttentionTransformer FeatureTransformer ' +
    'DecisionStep SparsemaxFunction',
  'qlib.contrib.model.pytorch_tcn': 'TCN TCNModel',
  'qlib.contrib.model.pytorch_tcn_ts': 'TCN TCNModel',
  'qlib.contrib.model.pytorch_tcts': 'TCTS MLPModel GRUModel',
  'qlib.contrib.model.pytorch_tra': 'TRAModel RNN PositionalEncoding Transformer TRA',
  'qlib.contrib.model.pytorch_transformer': 'TransformerModel PositionalEncoding Transformer',
  'qlib.contrib.model.pytorch_transformer_ts': 'TransformerModel PositionalEncoding Transformer',
  'qlib.contrib.model.tcn': 'Chomp1d TemporalBlock TemporalConvNet',
  'qlib.contrib.model.xgboost': 'XGBModel',
  'qlib.contrib.online.manager': 'UserManager',
  'qlib.contrib.online.online_model': 'ScoreFileModel',
  'qlib.contrib.online.operator': 'Operator',
  'qlib.contrib.online.user': 'User',
  'qlib.contrib.ops.high_freq': 'DayCumsum DayLast FFillNan BFillNan Date Select IsNull IsInf Cut',
  'qlib.contrib.rolling.base': 'Rolling',
  'qlib.contrib.rolling.ddgda': 'DDGDA',
  'qlib.contrib.strategy':
    'TopkDropoutStrategy WeightStrategyBase EnhancedIndexingStrategy TWAPStrategy SBBStrategyBase SBBStrategyEMA ' +
    'SoftTopkStrategy',
  'qlib.contrib.strategy.cost_control': 'SoftTopkStrategy',
  'qlib.contrib.strategy.optimizer': 'BaseOptimizer PortfolioOptimizer EnhancedIndexingOptimizer',
  'qlib.contrib.strategy.optimizer.base': 'BaseOptimizer',
  'qlib.contrib.strategy.optimizer.enhanced_indexing': 'EnhancedIndexingOptimizer',
  'qlib.contrib.strategy.optimizer.optimizer': 'PortfolioOptimizer',
  'qlib.contrib.strategy.order_generator': 'OrderGenerator OrderGenWInteract OrderGenWOInteract',
  'qlib.contrib.strategy.rule_strategy':
    'TWAPStrategy SBBStrategyBase SBBStrategyEMA ACStrategy RandomOrderStrategy FileOrderStrategy',
  'qlib.contrib.strategy.signal_strategy':
    'BaseSignalStrategy TopkDropoutStrategy WeightStrategyBase EnhancedIndexingStrategy',
  'qlib.contrib.workflow': 'MultiSegRecord SignalMseRecord',
  'qlib.contrib.workflow.record_temp': 'MultiSegRecord SignalMseRecord',
  'qlib.data':
    'CalendarProvider InstrumentProvider FeatureProvider ExpressionProvider DatasetProvider LocalCalendarProvider ' +
    'LocalInstrumentProvider LocalFeatureProvider LocalPITProvider LocalExpressionProvider LocalDatasetProvider ' +
    'ClientCalendarProvider ClientInstrumentProvider ClientDatasetProvider BaseProvider LocalProvider ClientProvider ' +
    'ExpressionCache DatasetCache DiskExpressionCache DiskDatasetCache SimpleDatasetCache DatasetURICache ' +
    'MemoryCalendarCache',
  'qlib.data.data':
    'ProviderBackendMixin CalendarProvider InstrumentProvider FeatureProvider PITProvider ExpressionProvider ' +
    'DatasetProvider LocalCalendarProvider LocalInstrumentProvider LocalFeatureProvider LocalPITProvider ' +
    'LocalExpressionProvider LocalDatasetProvider ClientCalendarProvider ClientInstrumentProvider ' +
    'ClientDatasetProvider BaseProvider LocalProvider ClientProvider',
  'qlib.data.dataset': 'Dataset DatasetH TSDataSampler TSDatasetH DataHandler DataHandlerLP',
  'qlib.data.dataset.handler': 'DataHandlerABC DataHandler DataHandlerLP',
  'qlib.data.dataset.loader':
    'DataLoader DLWParser QlibDataLoader StaticDataLoader NestedDataLoader DataLoaderDH',
  'qlib.data.dataset.processor':
    'Processor DropnaProcessor DropnaLabel DropCol FilterCol TanhProcess ProcessInf Fillna MinMaxNorm ZScoreNorm ' +
    'RobustZScoreNorm CSZScoreNorm CSRankNorm CSZFillna HashStockFormat TimeRangeFlt',
  'qlib.data.dataset.storage': 'BaseHandlerStorage NaiveDFStorage HashingStockStorage',
  'qlib.data.dataset.weight': 'Reweighter',
  'qlib.data.filter': 'BaseDFilter SeriesDFilter NameDFilter ExpressionDFilter',
  'qlib.data.inst_processor': 'InstProcessor',
  'qlib.data.ops':
    'ElemOperator ChangeInstrument NpElemOperator Abs Sign Log Mask Not PairOperator NpPairOperator Power Add Sub Mul ' +
    'Div Greater Less Gt Ge Lt Le Eq Ne And Or If Rolling Ref Mean Sum Std Var Skew Kurt Max IdxMax Min IdxMin ' +
    'Quantile Med Mad Rank Count Delta Slope Rsquare Resi WMA EMA PairRolling Corr Cov TResample OpsWrapper',
  'qlib.data.pit': 'P PRef',
  'qlib.data.storage': 'CalendarStorage InstrumentStorage FeatureStorage',
  'qlib.data.storage.file_storage':
    'FileStorageMixin FileCalendarStorage FileInstrumentStorage FileFeatureStorage',
  'qlib.data.storage.storage': 'BaseStorage CalendarStorage InstrumentStorage FeatureStorage',
  'qlib.model': 'Model',
  'qlib.model.base': 'BaseModel Model ModelFT',
  'qlib.model.ens.ensemble': 'Ensemble SingleKeyEnsemble RollingEnsemble AverageEnsemble',
  'qlib.model.ens.group': 'Group RollingGroup',
  'qlib.model.interpret.base': 'FeatureInt LightGBMFInt',
  'qlib.model.meta': 'MetaTask MetaTaskDataset',
  'qlib.model.meta.dataset': 'MetaTaskDataset',
  'qlib.model.meta.model': 'MetaModel MetaTaskModel MetaGuideModel',
  'qlib.model.meta.task': 'MetaTask',
  'qlib.model.riskmodel': 'RiskModel POETCovEstimator ShrinkCovEstimator StructuredCovEstimator',
  'qlib.model.riskmodel.base': 'RiskModel',
  'qlib.model.riskmodel.poet': 'POETCovEstimator',
  'qlib.model.riskmodel.shrink': 'ShrinkCovEstimator',
  'qlib.model.riskmodel.structured': 'StructuredCovEstimator',
  'qlib.model.trainer': 'Trainer TrainerR DelayTrainerR TrainerRM DelayTrainerRM',
  'qlib.model.utils': 'ConcatDataset IndexSampler',
  'qlib.rl': 'Interpreter StateInterpreter ActionInterpreter Reward RewardCombination Simulator',
  'qlib.rl.aux_info': 'AuxiliaryInfoCollector',
  'qlib.rl.contrib.train_onpolicy': 'LazyLoadDataset',
  'qlib.rl.data.base': 'BaseIntradayBacktestData BaseIntradayProcessedData ProcessedDataProvider',
  'qlib.rl.data.native':
    'IntradayBacktestData DataframeIntradayBacktestData HandlerIntradayProcessedData HandlerProcessedDataProvider',
  'qlib.rl.data.pickle_styled':
    'SimpleIntradayBacktestData PickleIntradayProcessedData PickleProcessedDataProvider',
  'qlib.rl.interpreter': 'Interpreter StateInterpreter ActionInterpreter GymSpaceValidationError',
  'qlib.rl.order_execution':
    'FullHistoryStateInterpreter CurrentStepStateInterpreter CategoricalActionInterpreter ' +
    'TwapRelativeActionInterpreter Recurrent AllOne PPO PAPenaltyReward SingleAssetOrderExecutionSimple SAOEMetrics ' +
    'SAOEState SAOEStateAdapter SAOEStrategy ProxySAOEStrategy SAOEIntStrategy',
  'qlib.rl.order_execution.interpreter':
    'FullHistoryObs DummyStateInterpreter FullHistoryStateInterpreter CurrentStateObs CurrentStepStateInterpreter ' +
    'CategoricalActionInterpreter TwapRelativeActionInterpreter',
  'qlib.rl.order_execution.network': 'Recurrent Attention',
  'qlib.rl.order_execution.policy': 'NonLearnablePolicy AllOne PPOActor PPOCritic PPO DQN',
  'qlib.rl.order_execution.reward': 'PAPenaltyReward PPOReward',
  'qlib.rl.order_execution.simulator_qlib': 'SingleAssetOrderExecution',
  'qlib.rl.order_execution.simulator_simple': 'SingleAssetOrderExecutionSimple',
  'qlib.rl.order_execution.state': 'SAOEMetrics SAOEState',
  'qlib.rl.order_execution.strategy': 'SAOEStateAdapter SAOEStrategy ProxySAOEStrategy SAOEIntStrategy',
  'qlib.rl.reward': 'Reward RewardCombination',
  'qlib.rl.simulator': 'Simulator',
  'qlib.rl.strategy': 'SingleOrderStrategy',
  'qlib.rl.strategy.single_order': 'SingleOrderStrategy',
  'qlib.rl.trainer': 'Checkpoint EarlyStopping MetricsWriter Trainer TrainingVessel TrainingVesselBase',
  'qlib.rl.trainer.callbacks': 'Callback EarlyStopping MetricsWriter Checkpoint',
  'qlib.rl.trainer.trainer': 'Trainer',
  'qlib.rl.trainer.vessel': 'SeedIteratorNotAvailable TrainingVesselBase TrainingVessel',
  'qlib.rl.utils':
    'DataQueue EnvWrapper EnvWrapperStatus ConsoleWriter CsvWriter LogBuffer LogCollector LogLevel LogWriter',
  'qlib.rl.utils.data_queue': 'DataQueue',
  'qlib.rl.utils.env_wrapper': 'InfoDict EnvWrapperStatus EnvWrapper',
  'qlib.rl.utils.finite_env':
    'FiniteVectorEnv FiniteDummyVectorEnv FiniteSubprocVectorEnv FiniteShmemVectorEnv',
  'qlib.strategy.base': 'BaseStrategy RLStrategy RLIntStrategy',
  'qlib.workflow': 'QlibRecorder RecorderWrapper ExpManager Experiment Recorder Wrapper',
  'qlib.workflow.exp': 'Experiment MLflowExperiment',
  'qlib.workflow.expm': 'ExpManager MLflowExpManager',
  'qlib.workflow.online.manager': 'OnlineManager',
  'qlib.workflow.online.strategy': 'OnlineStrategy RollingStrategy',
  'qlib.workflow.online.update': 'RMDLoader RecordUpdater DSBasedUpdater PredUpdater LabelUpdater',
  'qlib.workflow.online.utils': 'OnlineTool OnlineToolR',
  'qlib.workflow.record_temp':
    'RecordTemp SignalRecord ACRecordTemp HFSignalRecord SigAnaRecord PortAnaRecord MultiPassPortAnaRecord',
  'qlib.workflow.recorder': 'Recorder MLflowRecorder',
  'qlib.workflow.task.collect': 'Collector MergeCollector RecorderCollector',
  'qlib.workflow.task.gen': 'TaskGen RollingGen MultiHorizonGenBase',
  'qlib.workflow.task.manage': 'TaskManager',
  'qlib.workflow.task.utils': 'TimeAdjuster',
  'src/model.py': 'TRAModel',
  'src/dataset.py': 'MTSDatasetH',
  tft: 'TFTModel',
  'features_sample.py': 'Resample1minProcessor',
  'features_resample_N.py': 'ResampleNProcessor',
  'multi_freq_handler.py': 'Avg15minLoader Avg15minHandler',
};

/** Modules that qlib had under another name, and older workflows still use. */
const renamed: Readonly<Record<string, string>> = {
  'qlib.contrib.strategy.strategy': 'qlib.contrib.strategy',
};

/** The present name of a module. */
export function currentModule(module: string): string {
  return Object.hasOwn(renamed, module) ? renamed[module]! : module;
}

export const knownModules: readonly string[] = Object.keys(modules);

/** The classes of one of `knownModules`; empty for any other name. */
export function classesOf(module: string): readonly string[] {
  return Object.hasOwn(modules, module) ? modules[module]!.split(' ') : [];
}
