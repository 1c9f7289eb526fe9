const none = { type: 'null', description: "qlib's own parts; a config can only leave them out" } as const;

/** JSON schema of arguments of qlib's strategies that no config can give a value. */
export const strategyInfra = {
  outer_trade_decision: none,
  level_infra: none,
  common_infra: none,
  trade_exchange: none,
} as const;

/** The same of its executors. */
export const executorInfra = { common_infra: none, trade_exchange: none } as const;
