"""Writes minute data of a made-up market and runs nested backtests of real qlib on them.

  python minute_backtests.py REGION OUT        needs pyqlib 0.9.7; OUT gets the data folder, signal.csv and results.json

test/parity/minute-backtests.test.ts runs it where PEER names such a Python, and compares.
"""
import json
import sys
import warnings
from pathlib import Path

import numpy as np
import pandas as pd

warnings.simplefilter("ignore")
DAYS, CODES, HALTED = 14, 6, 3


def minutes(region):
    spells = [(570, 690), (780, 900)] if region == "cn" else [(570, 960)]
    return [pd.Timedelta(minutes=m) for a, b in spells for m in range(a, b)]


def write_market(region, root):
    rng = np.random.default_rng(1)
    days = pd.bdate_range("2020-01-02", periods=DAYS)
    mins = minutes(region)
    nm = len(mins)
    for sub in ("calendars", "instruments"):
        (root / sub).mkdir(parents=True, exist_ok=True)
    (root / "calendars/day.txt").write_text("".join(f"{d:%Y-%m-%d}\n" for d in days))
    (root / "calendars/1min.txt").write_text("".join(f"{d + m:%Y-%m-%d %H:%M:%S}\n" for d in days for m in mins))
    codes = [f"SH60{i:04d}" for i in range(CODES)]
    (root / "instruments/all.txt").write_text("".join(f"{c}\t2020-01-02\t2020-12-31\n" for c in codes))
    for k, code in enumerate(codes + ["SH000300"]):
        folder = root / "features" / code.lower()
        folder.mkdir(parents=True, exist_ok=True)
        n = DAYS * nm
        close = 20 * (1 + k) * np.exp(np.cumsum(rng.normal(0, 0.0008, n)))
        open_ = close * np.exp(rng.normal(0, 0.0003, n))
        volume = rng.integers(100, 20000, n).astype(float)
        factor = np.full(n, 0.5 + 0.1 * k)
        if k == HALTED:  # a day and a half without trade
            for a, b in ((6 * nm, 7 * nm), (9 * nm, 9 * nm + nm // 2)):
                for x in (close, open_, volume, factor):
                    x[a:b] = np.nan
        change = np.concatenate([[0], close[1:] / close[:-1] - 1])

        def write(name, freq, x):
            np.concatenate([[0], x]).astype("<f").tofile(folder / f"{name}.{freq}.bin")

        bars = dict(close=close, open=open_, high=np.fmax(close, open_), low=np.fmin(close, open_), volume=volume, factor=factor, change=change)
        for name, x in bars.items():
            write(name, "1min", x)
        by_day = lambda x: pd.DataFrame(x.reshape(DAYS, nm))
        last = by_day(close).ffill(axis=1).iloc[:, -1].values
        write("close", "day", last)
        write("open", "day", by_day(open_).bfill(axis=1).iloc[:, 0].values)
        write("high", "day", by_day(close).max(axis=1).values)
        write("low", "day", by_day(close).min(axis=1).values)
        write("volume", "day", by_day(volume).sum(axis=1, min_count=1).values)
        write("factor", "day", by_day(factor).ffill(axis=1).iloc[:, -1].values)
        write("change", "day", np.concatenate([[0], last[1:] / last[:-1] - 1]))
    scores = pd.concat([pd.DataFrame({"datetime": days, "instrument": c, "score": rng.normal(size=DAYS).round(9)}) for c in codes])
    scores.sort_values(["datetime", "instrument"]).to_csv(root / "signal.csv", index=False)


def simulator(step):
    return {"class": "SimulatorExecutor", "module_path": "qlib.backtest.executor", "kwargs": {"time_per_step": step, "generate_portfolio_metrics": True}}


def nested(step, inner, strategy, **kwargs):
    kwargs = {"time_per_step": step, "inner_executor": inner, "inner_strategy": strategy, "generate_portfolio_metrics": True, **kwargs}
    return {"class": "NestedExecutor", "module_path": "qlib.backtest.executor", "kwargs": kwargs}


def rule(name, **kwargs):
    return {"class": name, "module_path": "qlib.contrib.strategy.rule_strategy", "kwargs": kwargs}


def cases(region):
    twap = rule("TWAPStrategy")
    ema = rule("SBBStrategyEMA", instruments="all", freq="1min")
    vwap = {"pa_config": {"agg": "vwap", "weight_method": "value_weighted"}, "ffr_config": {"weight_method": "value_weighted"}}
    executors = {
        "day_30min": nested("day", simulator("30min"), twap),
        "day_30min_1min": nested("day", nested("30min", simulator("1min"), twap), twap),
        "day_30min_ema": nested("day", simulator("30min"), ema),
        "week_day_30min": nested("week", nested("day", simulator("30min"), twap), twap, indicator_config=vwap),
        "day_5min": nested("day", simulator("5min"), twap, indicator_config=vwap),
    }
    exchanges = {
        "plain": {},
        "cum_open": {"volume_threshold": ["cum", "0.2 * Sum($volume, 30)"], "deal_price": "$open"},
        "unit": {"trade_unit": 100, "impact_cost": 0.1},
    }
    base = {"freq": "1min", "limit_threshold": 0.02 if region == "cn" else None, "open_cost": 0.0005, "close_cost": 0.0015, "min_cost": 5}
    pairs = [(a, b) for i, a in enumerate(executors) for j, b in enumerate(exchanges) if j == 0 or j == 1 + i % 2]
    return {f"{a}/{b}": (executors[a], {**base, **exchanges[b]}) for a, b in pairs}


def table(frame):
    return {"index": [str(t) for t in frame.index], **{c: [None if pd.isna(v) else float(v) for v in frame[c]] for c in frame}}


def main():
    region, root = sys.argv[1], Path(sys.argv[2])
    write_market(region, root)
    import qlib
    from qlib.backtest import backtest

    uri = {"day": str(root), "1min": str(root)}
    qlib.init(provider_uri=uri, region=region, kernels=1, logging_level=50)
    signal = pd.read_csv(root / "signal.csv", parse_dates=["datetime"]).set_index(["datetime", "instrument"])
    strategy = {"class": "TopkDropoutStrategy", "module_path": "qlib.contrib.strategy", "kwargs": {"signal": signal, "topk": 4, "n_drop": 2}}
    out = {}
    for name, (executor, exchange) in cases(region).items():
        given = {k: tuple(v) if isinstance(v, list) else v for k, v in exchange.items()}
        portfolio, indicators = backtest("2020-01-06", "2020-01-15", strategy, executor, benchmark="SH000300", account=1e7, exchange_kwargs=given)
        out[name] = {
            "executor": executor, "exchange": exchange,
            "report": {freq: table(report) for freq, (report, _) in portfolio.items()},
            "indicators": {freq: table(frame) for freq, (frame, _) in indicators.items()},
        }
    (root / "results.json").write_text(json.dumps(out))


if __name__ == "__main__":
    main()
