"""Golden results of qlib's backtest and of its analysis functions, made by qlib itself. The score is a formula, no model."""
import copy
import logging
import warnings

import numpy as np
import pandas as pd

from golden_files import BacktestFiles

SCORE = "-1*Mean($close/Ref($close,1)-1, 5)"
LABEL = "Ref($close, -2)/Ref($close, -1) - 1"


def topk(count=12, drop=3, **kwargs):
    return {"class": "TopkDropoutStrategy", "module_path": "qlib.contrib.strategy", "kwargs": {"signal": "<PRED>", "topk": count, "n_drop": drop, **kwargs}}


def make_cases(period, benchmark, members):
    costs = {"limit_threshold": None, "deal_price": "close", "open_cost": 0.0005, "close_cost": 0.0015, "min_cost": 5, "codes": "<CODES>"}
    cases = []

    def add(name, doc, strategy=None, account=10000000, signal="main", bench=benchmark, only_codes=False, **exchange):
        exchange = {"codes": "<CODES>"} if only_codes else {**costs, **exchange}
        cases.append({
            "name": name, "doc": doc, "signal": signal, "positions": "all", "strategy": strategy or topk(),
            "executor": {"class": "SimulatorExecutor", "module_path": "qlib.backtest.executor",
                         "kwargs": {"time_per_step": "day", "generate_portfolio_metrics": True}},
            "backtest": {"start_time": period[0], "end_time": period[1], "account": account, "benchmark": bench, "exchange_kwargs": exchange},
        })

    add("a_base_full", "the base case that the others vary")
    add("a_flagship_allpos", "limit_threshold 0.095, as qlib's example workflows have it", limit_threshold=0.095)
    add("a_exchange_defaults", "no exchange argument but codes", only_codes=True)
    add("c_open", "deal_price open", deal_price="open")
    add("c_vwap", "deal_price vwap, which this market has", deal_price="vwap")
    add("d_limit_float", "limit_threshold 0.03 on $change", limit_threshold=0.03)
    add("e_unit_100", "trade_unit 100", trade_unit=100, account=1000000)
    add("f_hold_thresh_5", "hold_thresh 5", topk(hold_thresh=5))
    add("f_only_tradable", "only_tradable with a limit of 3 %", topk(only_tradable=True), limit_threshold=0.03)
    add("g_signal_gaps", "some scores missing, others NaN", signal="gaps")
    add("j_bench_list", "the mean of some instruments as benchmark", bench=members)
    return cases


class OrderTrace:
    """Keeps every order that the executor deals, in its order."""

    columns = ["datetime", "instrument", "direction", "amount", "deal_amount", "trade_price", "trade_val", "trade_cost", "factor"]

    def __enter__(self):
        from qlib.backtest.executor import SimulatorExecutor

        self.rows, self.original = [], SimulatorExecutor._collect_data
        original, rows = self.original, self.rows

        def traced(executor, trade_decision, level=0):
            time = executor.trade_calendar.get_step_time()[0]
            result = original(executor, trade_decision, level)
            for order, value, cost, price in result[0]:
                side = "BUY" if int(order.direction) else "SELL"
                rows.append([time, order.stock_id, side, order.amount, order.deal_amount, price, value, cost, order.factor])
            return result

        SimulatorExecutor._collect_data = traced
        return self

    def __exit__(self, *_):
        from qlib.backtest.executor import SimulatorExecutor

        SimulatorExecutor._collect_data = self.original

    def frame(self):
        return pd.DataFrame(self.rows, columns=self.columns)


def positions_table(positions, days):
    rows = [{"datetime": day, "instrument": code, **held} for day in days for code, held in positions[day].position.items() if isinstance(held, dict)]
    return pd.DataFrame(rows)


def chosen_days(days):
    return [d for k, d in enumerate(days) if k < 2 or k >= len(days) - 2 or k % 12 == 0]


def account_rows(positions, days):
    rows = []
    for day in days:
        held = positions[day].position
        own = {k: v for k, v in held.items() if not isinstance(v, dict)}
        rows.append({"datetime": str(day), **own, "init_cash": positions[day].init_cash, "n_stocks": sum(isinstance(v, dict) for v in held.values())})
    return rows


def analyses(report, freq):
    from qlib.contrib.evaluate import risk_analysis

    parts = {
        "excess_return_without_cost": report["return"] - report["bench"],
        "excess_return_with_cost": report["return"] - report["bench"] - report["cost"],
        "bench": report["bench"],
        "return": report["return"],
    }
    return {k: risk_analysis(v, freq=freq)["risk"].to_dict() for k, v in parts.items()}


def run_case(case, files, signals, codes):
    from qlib.backtest import backtest
    from qlib.contrib.evaluate import indicator_analysis

    def fill(x):
        if isinstance(x, dict):
            return {k: fill(v) for k, v in x.items()}
        return {"<PRED>": signals[case["signal"]], "<CODES>": codes}.get(x, x) if isinstance(x, str) else x

    name = case["name"]
    files.json(f"{name}/config.json", case)
    parts = fill(copy.deepcopy({k: case[k] for k in ("strategy", "executor", "backtest")}))
    with OrderTrace() as trace, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        portfolio, indicators = backtest(executor=parts["executor"], strategy=parts["strategy"], **parts["backtest"])
    result = {"name": name, "doc": case["doc"], "frequencies": {"report": list(portfolio), "indicators": list(indicators)},
              "analysis": {}, "accounts": {}, "final": {}, "indicator_analysis": {}}
    for freq, (report, positions) in portfolio.items():
        files.table(f"{name}/report_normal_{freq}.csv.gz", report)
        few = chosen_days(list(positions))
        files.table(f"{name}/positions_{freq}.csv.gz", positions_table(positions, list(positions)), index=False)
        result["accounts"][freq] = account_rows(positions, few)
        result["analysis"][freq] = analyses(report, freq)
        result["final"][freq] = {**{c: float(report[c].iloc[-1]) for c in report.columns}, "steps": len(report)}
    for freq, (table, _) in indicators.items():
        table.index.name = "datetime"
        files.table(f"{name}/indicators_normal_{freq}.csv.gz", table)
        result["indicator_analysis"][freq] = {m: indicator_analysis(table, method=m)["value"].to_dict() for m in ("mean", "amount_weighted", "value_weighted")}
    orders = trace.frame()
    result["orders"] = {"n": len(orders), "dealt": int((orders["deal_amount"] > 0).sum()), "buys": int((orders["direction"] == "BUY").sum())}
    files.table(f"{name}/orders.csv.gz", orders, index=False)
    files.json(f"{name}/result.json", result)
    return {"name": name, "doc": case["doc"], "error": None, "orders": result["orders"],
            "final_account": {freq: x["account"] for freq, x in result["final"].items()}}


def make_signals(codes, start, end):
    """No two scores of a day tie: 1e-9 times the code's rank is added, then all is rounded to 12 decimals."""
    from qlib.data import D

    main = D.features(codes, [SCORE], start, end).set_axis(["score"], axis=1).dropna().astype(float)
    rank = {code: k for k, code in enumerate(codes)}
    main["score"] = (main["score"] + 1e-9 * main.index.get_level_values("instrument").map(rank)).round(12)
    main = main.swaplevel().sort_index()
    day = main.index.get_level_values(0).factorize()[0]
    code = main.index.get_level_values(1).map(rank).to_numpy()
    gaps = main[(day % 7 != 3) & ((code + day) % 11 != 0)].copy()
    gaps.iloc[::13, 0] = np.nan
    return {"main": main, "gaps": gaps}


def make_backtests(out, codes, period, signal_start, benchmark):
    logging.getLogger("qlib").setLevel(logging.CRITICAL)
    files = BacktestFiles(out)
    signals = make_signals(codes, signal_start, period[1])
    files.json("codes.json", codes)
    for name, table in signals.items():
        files.table(f"signal_{name}.csv.gz", table.reset_index(), index=False)
    cases = make_cases(period, benchmark, codes[:3])
    files.json("index.json", [run_case(case, files, signals, codes) for case in cases])
    return signals["main"]


# ------------------------------------------------------------------------------------------ analysis
def make_analysis(out, backtests, codes, signal, period):
    from qlib.contrib.eva import alpha
    from qlib.contrib.evaluate import indicator_analysis, risk_analysis
    from qlib.data import D

    files = BacktestFiles(out)
    warnings.simplefilter("ignore")
    report = pd.read_csv(f"{backtests}/a_base_full/report_normal_1day.csv.gz", index_col=0, parse_dates=True)
    k = np.arange(40)
    synthetic = pd.Series(np.round(0.01 * np.sin(k * 1.7) + 0.001 * (k % 5), 6), index=pd.date_range("2021-01-01", periods=40))
    holes = synthetic.copy()
    holes.iloc[[3, 17]] = np.nan
    files.table("risk_synthetic_input.csv.gz", pd.DataFrame({"synthetic": synthetic, "synthetic_nan": holes}))
    series = {
        "report_return": report["return"], "report_bench": report["bench"], "excess": report["return"] - report["bench"],
        "excess_cost": report["return"] - report["bench"] - report["cost"], "synthetic": synthetic, "synthetic_nan": holes,
    }
    kinds = [{}, {"freq": "day"}, {"freq": "2day"}, {"freq": "week"}, {"freq": "month"}, {"freq": "1min"}, {"N": 252, "freq": None},
             {"mode": "product"}, {"mode": "product", "freq": "week"}]
    files.json("risk_analysis.json", [
        {"series": name, "kwargs": kwargs, "result": risk_analysis(values, **kwargs)["risk"].to_dict(), "warnings": []}
        for name, values in series.items() for kwargs in kinds
    ])
    indicators = pd.read_csv(f"{backtests}/a_base_full/indicators_normal_1day.csv.gz", index_col=0)
    files.json("indicator_analysis.json", [
        {"indicators": "a_base_full/1day", "method": m, "result": indicator_analysis(indicators, method=m)["value"].to_dict(), "warnings": []}
        for m in ("mean", "amount_weighted", "value_weighted")
    ])

    score = signal.loc[period[0]:period[1], "score"]
    label = D.features(codes, [LABEL], *period).set_axis(["label"], axis=1).swaplevel().sort_index().astype(float)
    files.table("label.csv.gz", label.reset_index(), index=False)
    label = label["label"]
    fewer, fewer_labels = score.copy(), label.copy()
    fewer[np.arange(len(fewer)) % 17 == 0] = np.nan
    fewer_labels[np.arange(len(fewer_labels)) % 13 == 0] = np.nan
    summary = {}
    for name, (p, l) in {"plain": (score, label), "pred_every_17th_nan": (fewer, label), "label_every_13th_nan": (score, fewer_labels)}.items():
        ic, rank_ic = alpha.calc_ic(p, l)
        files.table(f"ic_{name}.csv.gz", pd.DataFrame({"ic": ic, "ric": rank_ic}))
        summary[f"calc_ic/{name}/dropna=False"] = {
            "n": len(ic), "IC": ic.mean(), "ICIR": ic.mean() / ic.std(), "Rank IC": rank_ic.mean(), "Rank ICIR": rank_ic.mean() / rank_ic.std()}
        both, average = alpha.calc_long_short_return(p, l, quantile=0.2)
        files.table(f"long_short_return_{name}_q0.2_keep.csv.gz", pd.DataFrame({"long_short_r": both, "long_avg_r": average}))
        summary[f"calc_long_short_return/{name}/q=0.2/dropna=False"] = {
            "mean": both.mean(), "avg": average.mean(), "ann_return_252": both.mean() * 252, "ann_sharpe_252": both.mean() / both.std() * 252**0.5}
        long, short = alpha.calc_long_short_prec(p, l, quantile=0.2)
        files.table(f"long_short_prec_{name}_raw_keep.csv.gz", pd.DataFrame({"long": long, "short": short}))
        summary[f"calc_long_short_prec/{name}/is_alpha=False/dropna=False"] = {"long": long.mean(), "short": short.mean()}
    files.table("pred_autocorr_lag1.csv.gz", alpha.pred_autocorr(score, lag=1).to_frame("autocorr"))
    files.json("summary.json", summary)
