"""Draws whole workflows from a seed, over a market of random_markets.py: handler, filter, processors, label, model, segments, strategy, executor, exchange, records."""
import random

from random_backtest_cases import config_of_indicators, maybe, nested, simulator, splitter

LABELS = ["Ref($close, -2)/Ref($close, -1) - 1", "Ref($close, -5)/$close - 1", "Ref($open, -2)/Ref($open, -1) - 1", "Log(Ref($close, -3)/Ref($close, -1))", "Mean(Ref($change, -3), 3)",
          "If(Ref($close, -2) > Ref($close, -1), 1, 0)", "Ref($vwap, -2)/Ref($vwap, -1) - 1", "Rank(Ref($close, -2), 5)"]
FIELDS = ["$close/Ref($close, 1) - 1", "Mean($close, 5)/$close", "Std($close, 10)/$close", "Corr($close, Log($volume+1), 10)", "($close-$open)/($high-$low+1e-12)",
          "$volume/(Mean($volume, 20)+1e-12)", "Rank($close, 20)", "EMA($close, 12)/EMA($close, 26)", "Slope($close, 10)/$close", "Rsquare($close, 10)", "Resi($close, 20)/$close",
          "IdxMax($high, 20)/20", "Quantile($close, 20, 0.8)/$close", "Skew($change, 20)", "Kurt($change, 20)", "$vwap/$close", "Sum(Greater($change, 0), 10)", "WMA($close, 9)/$close",
          "Delta($close, 3)/$close", "Mad($change, 10)", "Max($high, 30)/$close", "Count($change > 0, 15)", "Med($close, 7)/$close", "If($close > $open, $volume, Ref($volume, 1))*0",
          "Var($change, 12)", "Sign($change)", "$factor", "Abs($change)", "Cov($open, $close, 8)/$close", "Sum($volume, 0)/1e9", "Mean(Ref($close, 5), 10)/$close", "Min($low, 60)/$close"]


def spec(name, module=None, **kwargs):
    return {"class": name, **({"module_path": module} if module else {}), **({"kwargs": kwargs} if kwargs else {})}


class Draw:
    """One workflow. `days` of the market are cut into train, valid and test, with dates before and behind them now and then."""

    def __init__(self, seed, market, kinds):
        self.rng, self.market, self.kinds = random.Random(seed), market, kinds
        rng, days = self.rng, market["days"]
        n = len(days)
        a, b, c = rng.choice([0, 0, 70, 120] if n > 300 else [0, 0, 3]), int(n * rng.uniform(0.5, 0.6)), int(n * rng.uniform(0.68, 0.75))
        end = rng.choice([n - 1, n - 1, max(n - 30, int(n * 0.9))])
        self.day = lambda i: str(days[max(0, min(n - 1, i))].date())
        before, behind = str((days[0].replace(year=days[0].year - 1)).date()), str((days[-1].replace(year=days[-1].year + 1)).date())
        self.start = rng.choice([self.day(0), self.day(a), before]) if a == 0 else self.day(a)
        self.end = rng.choice([behind, self.day(n - 1)]) if end == n - 1 else self.day(end)
        self.train = [self.start, self.day(b)]
        self.valid = [self.day(b + 1), self.day(c)]
        self.test = [self.day(c + 1), rng.choice([self.end, self.day(end - 2)])]
        self.last = end

    def fields(self, count):
        pool = [f for f in FIELDS if not any(f"${x}" in f for x in self.market["without"])]
        return self.rng.sample(pool, min(count, len(pool)))

    def label(self):
        pool = [x for x in LABELS if not any(f"${x_}" in x for x_ in self.market["without"])]
        return self.rng.choice(pool)

    def processors(self, learn):
        rng = self.rng
        fit = {"fit_start_time": self.train[0], "fit_end_time": self.train[1]}
        group = rng.choice(["feature", "feature", None]) if not learn else "feature"
        norm = rng.choice([None, spec("RobustZScoreNorm", fields_group=group, clip_outlier=rng.random() < 0.6, **fit), spec("ZScoreNorm", fields_group=group, **fit), spec("MinMaxNorm", fields_group=group, **fit),
                           spec("CSZScoreNorm", fields_group="feature", method=rng.choice(["zscore", "robust"])), spec("CSRankNorm", fields_group="feature")])
        holes = rng.choice([spec("Fillna", fields_group=group, fill_value=rng.choice([0, 0.5])), spec("Fillna"), spec("CSZFillna", fields_group="feature"), spec("DropnaProcessor", fields_group="feature")])
        out = [spec("ProcessInf")] if rng.random() < 0.3 else []
        out += [norm] if norm else []
        # numpy's tanh of float32 is up to an ulp off the nearest value: enough to split trees otherwise
        out += [spec("TanhProcess")] if rng.random() < 0.1 and self.linear else []
        out += [holes] if self.linear or rng.random() < 0.6 else []
        return out

    def learners(self):
        rng = self.rng
        label = rng.choice([None, spec("CSRankNorm", fields_group="label"), spec("CSZScoreNorm", fields_group="label"), spec("CSZScoreNorm", fields_group="label", method="robust"),
                            spec("RobustZScoreNorm", fields_group="label", fit_start_time=self.train[0], fit_end_time=self.train[1]), spec("MinMaxNorm", fields_group="label", fit_start_time=self.train[0], fit_end_time=self.train[1])])
        return [spec("DropnaLabel")] + ([label] if label else [])

    def filters(self):
        rng = self.rng
        rule = rng.choice(["$close > 10", "Mean($volume, 5) > 40000", "$close > Ref($close, 1)", "Std($close, 5)/$close < 0.05", "$close/Ref($close, 5) > 0.98"])
        expression = {"filter_type": "ExpressionDFilter", "rule_expression": rule, "filter_start_time": rng.choice([None, self.day(60)]), "filter_end_time": rng.choice([None, self.day(self.last - 50)]), "keep": rng.random() < 0.5}
        names = {"cn": ["SH.*", "SZ0.*", ".*[02468]$"], "us": ["[A-Z].*", ".*[0-9]$", "A.*|B.*|[a-m].*"], "tw": ["[12].*", ".*[1-6]$"]}[self.market["region"]]
        name = {"filter_type": "NameDFilter", "name_rule_re": rng.choice(names), "filter_start_time": rng.choice([None, self.day(30)]), "filter_end_time": rng.choice([None, self.day(self.last)])}
        return rng.choice([[expression], [name], [name, expression]])

    def handler(self):
        rng, market = self.rng, self.market
        universe = rng.choice(["all", "all", "core", "list"])
        instruments = universe if universe != "list" else sorted(rng.sample(market["codes"], max(8, len(market["codes"]) // 2)))
        common = {"instruments": instruments, "start_time": self.start, "end_time": self.end}
        own = {"infer_processors": self.processors(False), "learn_processors": self.learners(), **maybe(rng, 0.25, process_type=rng.choice(["append", "independent"]))}
        if own.get("process_type") == "independent":
            own["learn_processors"] = self.processors(True) + own["learn_processors"]
        kind = rng.choice(self.kinds["handlers"])
        if universe != "list" and rng.random() < 0.25:
            filters = self.filters()
        else:
            filters = None
        if kind == "loader":
            fields = self.fields(rng.choice([3, 8, 15, 25]))
            config = {"feature": rng.choice([fields, [fields, [f"F{i}" for i in range(len(fields))]]]), "label": [[self.label()], ["LABEL0"]]}
            loader = spec("QlibDataLoader", "qlib.data.dataset.loader" if rng.random() < 0.5 else None, config=config, **({"filter_pipe": filters} if filters else {}), **maybe(rng, 0.2, freq="day", swap_level=True))
            return spec("DataHandlerLP", "qlib.data.dataset.handler", **common, data_loader=loader, **own)
        extra = {"filter_pipe": filters} if filters else {}
        if rng.random() < 0.5 or self.linear:
            extra.update(own)
        if rng.random() < 0.4:
            extra["label"] = [[self.label()], ["LABEL0"]] if rng.random() < 0.7 else [self.label()]
        return spec(kind, "qlib.contrib.data.handler", **common, fit_start_time=self.train[0], fit_end_time=self.train[1], **extra)

    def model(self):
        rng, kind = self.rng, self.kind
        if kind == "LinearModel":
            estimator = rng.choice(["ols", "nnls", "ridge", "lasso"])
            return spec(kind, "qlib.contrib.model.linear", estimator=estimator, **({"alpha": rng.choice([0.0001, 0.001, 0.05, 1.0])} if estimator in ("ridge", "lasso") else {}),
                        **maybe(rng, 0.3, fit_intercept=rng.random() < 0.6, include_valid=True))
        if kind == "XGBModel":
            return spec(kind, "qlib.contrib.model.xgboost", eval_metric="rmse", eta=rng.choice([0.05, 0.2]), max_depth=rng.choice([3, 6, 8]), nthread=1, **maybe(rng, 0.5, colsample_bytree=0.8879, subsample=0.8789, n_estimators=647))
        if kind == "CatBoostModel":
            return spec(kind, "qlib.contrib.model.catboost_model", loss="RMSE", learning_rate=0.05, max_depth=6, thread_count=1, random_seed=7, bootstrap_type="Bernoulli", subsample=0.9, **maybe(rng, 0.5, grow_policy="Lossguide", num_leaves=31))
        tree = {"learning_rate": rng.choice([0.02, 0.1, 0.2]), "num_leaves": rng.choice([8, 31, 64, 210, 512]), "num_threads": rng.choice([1, 2])}
        tree.update(maybe(rng, 0.4, max_depth=rng.choice([3, 6, 8]), lambda_l1=rng.choice([0.1, 5, 205.7]), lambda_l2=rng.choice([1, 580.9768]), min_data_in_leaf=rng.choice([1, 5, 100]), max_bin=rng.choice([15, 63, 255, 500]),
                          feature_fraction=0.6, min_gain_to_split=0.01, min_sum_hessian_in_leaf=1.0, min_data_in_bin=1))
        if rng.random() < 0.35:
            tree.update(rng.choice([{"subsample": 0.8789, "subsample_freq": 1}, {"bagging_fraction": 0.7, "bagging_freq": 3, "bagging_seed": 11}, {"subsample": 0.8}, {"colsample_bytree": 0.8879, "seed": 5}]))
        if kind == "DEnsembleModel":
            return spec(kind, "qlib.contrib.model.double_ensemble", base_model="gbm", loss="mse", num_models=3, enable_sr=True, enable_fs=rng.random() < 0.5, alpha1=1, alpha2=1, bins_sr=10, bins_fs=5, decay=0.5,
                        sample_ratios=[0.8, 0.7, 0.6, 0.5, 0.4], sub_weights=[1, 1, 1], epochs=rng.choice([8, 20]), **{**tree, "num_threads": 1, "verbosity": -1})
        tree.update(maybe(rng, 0.5, num_boost_round=rng.choice([10, 60, 200]), early_stopping_rounds=rng.choice([3, 10, 50, 1000])))
        tree.setdefault("num_boost_round", 100)
        return spec("LGBModel", "qlib.contrib.model.gbdt", loss="binary" if self.binary else "mse", **tree)

    def exchange(self):
        rng = self.rng
        price = rng.choice(["close", "open", "$open", "$close", ["$open", "$close"], "$open*0.5+$close*0.5", ["Ref($close, 1)", "($high+$low)/2"], "close" if "vwap" in self.market["without"] else "vwap", None])
        limits = {"cn": [0.095, 0.095, 0.05, None], "us": [None, None, 0.1], "tw": [0.1, 0.095, None]}[self.market["region"]]
        out = {"limit_threshold": rng.choice(limits), "deal_price": price, "open_cost": 0.0005, "close_cost": 0.0015, "min_cost": rng.choice([0, 5, 20])}
        out.update(maybe(rng, 0.25, trade_unit=rng.choice([1, 100, 1000, None]), impact_cost=rng.choice([0.0, 0.1])))
        for key in rng.sample(sorted(out), rng.choice([0, 0, 1, 2])):
            del out[key]
        return out

    def portfolio(self):
        rng, count = self.rng, len(self.market["codes"])
        kwargs = {"signal": "<PRED>", "topk": rng.choice([3, 8, count // 3, count]), "n_drop": rng.choice([1, 2, 3])}
        kwargs.update(maybe(rng, 0.25, hold_thresh=rng.choice([0, 1, 3, 8]), only_tradable=rng.random() < 0.7, forbid_all_trade_at_limit=rng.random() < 0.4, risk_degree=rng.choice([0.5, 0.9, 1.0]), method_buy="random" if rng.random() < 0.3 else "top",
                            method_sell="random" if rng.random() < 0.3 else "bottom"))
        strategy = spec("TopkDropoutStrategy", rng.choice(["qlib.contrib.strategy", "qlib.contrib.strategy.signal_strategy"]), **kwargs)
        bench = rng.choice([self.market["index"], self.market["index"], self.market["codes"][0], sorted(rng.sample(self.market["codes"], 3)), {"market": "all", "filter_pipe": []}])
        backtest = {"start_time": rng.choice([self.test[0], self.test[0], None]), "end_time": rng.choice([self.day(self.last - 5), self.day(self.last - 40), None]), "account": rng.choice([100000000, 1000000, 50000]),
                    "benchmark": bench, "exchange_kwargs": self.exchange()}
        if rng.random() < 0.3:
            backtest["account"] = rng.choice([10000000, 10000000.0])
        config = {"strategy": strategy, "backtest": backtest}
        step = rng.choice(["day"] * 5 + ["week", "2day", "nested"])
        inside = spec("SimulatorExecutor", "qlib.backtest.executor", time_per_step="day" if step == "nested" else step, generate_portfolio_metrics=rng.random() < 0.9, **maybe(rng, 0.2, indicator_config=config_of_indicators(rng)))
        if step == "nested":
            config["executor"] = spec("NestedExecutor", "qlib.backtest.executor", time_per_step=rng.choice(["week", "month", "day"]), inner_executor=inside, generate_portfolio_metrics=rng.random() < 0.8,
                                      inner_strategy=spec("TWAPStrategy", "qlib.contrib.strategy.rule_strategy"))
        elif step != "day" or rng.random() < 0.3:
            config["executor"] = inside
        return config

    def workflow(self):
        rng = self.rng
        self.kind = rng.choice(self.kinds["models"])
        self.linear, self.binary = self.kind == "LinearModel", rng.random() < 0.15
        if self.binary and self.kind == "LGBModel":
            handler = self.handler()
            handler["kwargs"]["learn_processors"] = [spec("DropnaLabel")]
            up = "If(Ref($close, -2) > Ref($close, -1), 1, 0)"
            if "data_loader" in handler["kwargs"]:
                handler["kwargs"]["data_loader"]["kwargs"]["config"]["label"] = [[up], ["LABEL0"]]
                handler["kwargs"].pop("process_type", None)
            else:
                handler["kwargs"]["label"] = [[up], ["LABEL0"]]
                handler["kwargs"].pop("process_type", None)
        else:
            handler = self.handler()
        segments = {"train": self.train, "valid": self.valid, "test": self.test}
        if rng.random() < 0.15:
            segments["test"] = [self.test[0], None]
        if rng.random() < 0.1:
            segments["train"] = [None, self.train[1]]
        if rng.random() < 0.2:
            segments["valid"] = [f"{x} 00:00:00" for x in self.valid]
        records = [spec("SignalRecord", "qlib.workflow.record_temp", model="<MODEL>", dataset="<DATASET>")]
        records.append(spec("SigAnaRecord", "qlib.workflow.record_temp", ana_long_short=rng.random() < 0.6, ann_scaler=rng.choice([252, 238])))
        if rng.random() < 0.9:
            records.append(spec("PortAnaRecord", "qlib.workflow.record_temp", config=self.portfolio(), **maybe(rng, 0.15, indicator_analysis_method=rng.choice(["mean", "amount_weighted", "value_weighted"]))))
        return {"qlib_init": {"provider_uri": self.market["root"], "region": self.market["region"], "kernels": 1},
                "task": {"model": self.model(), "dataset": spec("DatasetH", "qlib.data.dataset", handler=handler, segments=segments), "record": records}}


class MinuteDraw(Draw):
    """
    Workflows over days and minutes: features of minutes, or of days with a backtest that deals within them. Segments of minutes have times on both sides: from a
    day to a time, pandas leaves out the last bar, and up to a date (not text) the whole last day.
    """

    def handler(self):
        rng = self.rng
        self.by_minute = rng.random() < 0.5
        common = {"instruments": "all", "start_time": self.train[0], "end_time": f"{self.day(self.last)} 15:00:00"}
        freq = {"freq": "1min"} if self.by_minute else {}
        own = {"infer_processors": self.processors(False), "learn_processors": self.learners()}
        if self.by_minute and rng.random() < 0.3:
            return spec("Alpha158", "qlib.contrib.data.handler", **common, **freq, fit_start_time=self.train[0], fit_end_time=self.train[1], **(own if self.linear else {}))
        fields = self.fields(rng.choice([3, 8]))
        loader = spec("QlibDataLoader", config={"feature": fields, "label": [[self.label()], ["LABEL0"]]}, **freq)
        return spec("DataHandlerLP", "qlib.data.dataset.handler", **common, data_loader=loader, **own)

    def portfolio(self):
        rng = self.rng
        config = super().portfolio()
        step = rng.choice(["30min", "5min", "60min"])
        levels = rng.choice([[step], ["day", step], ["day", "30min", "1min"], ["week", "day", "30min"]]) if not self.by_minute else rng.choice([[step], ["30min", "5min"]])
        executor = simulator(rng, levels[-1])
        for outer in reversed(levels[:-1]):
            executor = nested(rng, outer, executor, splitter(rng, rng.choice(["1min", "day"]) if outer == levels[-2] else "day"))
        executor["kwargs"]["generate_portfolio_metrics"] = True
        config["executor"] = executor
        test = [self.test[0], self.day(self.last - 4)]
        config["backtest"].update(start_time=test[0], end_time=f"{test[1]} 15:00:00" if rng.random() < 0.5 else test[1], benchmark=self.market["index"])
        config["backtest"]["exchange_kwargs"].update(freq="1min")
        return config

    def workflow(self):
        self.by_minute = False
        out = super().workflow()
        root = self.market["root"]
        out["qlib_init"]["provider_uri"] = {"day": root, "1min": root}
        out["task"]["dataset"]["kwargs"]["segments"] = {k: [f"{a} 00:00:00", f"{b} 15:00:00"] if self.by_minute else [a, b] for k, (a, b) in (("train", self.train), ("valid", self.valid), ("test", [self.test[0], self.day(self.last)]))}
        return out
