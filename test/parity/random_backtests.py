"""Real qlib's side of random_backtests.mjs: python random_backtests.py DATA REGION OUT COUNT SEED.

DATA may be OUT/minutes: a made-up market with minutes is written there. Writes OUT/<case>.json and its scores and orders as CSV. Needs PYTHONHASHSEED=0:
what a position holds is listed in the order of a set.
"""
import copy
import json
import logging
import math
import os
import sys
import traceback
import warnings
from pathlib import Path

import numpy as np
import pandas as pd

import qlib
from backtest_goldens import OrderTrace
from minute_backtests import write_market
from random_backtest_cases import Market, draw_case


def plain(x):
    if isinstance(x, dict):
        return {str(k): plain(v) for k, v in x.items()}
    if isinstance(x, (list, tuple)):
        return [plain(v) for v in x]
    if isinstance(x, np.generic):
        x = x.item()
    if isinstance(x, float) and not math.isfinite(x):
        return None if math.isnan(x) else 1e308 if x > 0 else -1e308
    return x if x is None or isinstance(x, (bool, int, float, str)) else str(x)


def table(frame):
    return {"index": [str(t) for t in frame.index], **{c: plain(list(frame[c])) for c in frame}}


def signal_of(case):
    frame = case["scores"].set_index(["datetime", "instrument"]).sort_index()
    if case["form"] == "series":
        return frame["score"]
    if case["form"] == "instrument_first":
        return frame.swaplevel().sort_index()
    if case["form"] == "two_columns":
        return frame.assign(other=-frame["score"])
    return frame


def extra_quote(columns, rows, factor):
    frame = pd.DataFrame(rows, columns=columns)
    frame["datetime"] = pd.to_datetime(frame["datetime"])
    frame["$close"] = frame["$close"].astype(float)
    if factor is not None:
        frame["$factor"] = factor
    return frame.set_index(["instrument", "datetime"])


def fill(x, values):
    if isinstance(x, dict):
        if "__class__" in x:
            from qlib.contrib.strategy import order_generator

            return getattr(order_generator, x["__class__"])
        if "__extra__" in x:
            return extra_quote(**x["__extra__"])
        if "__series__" in x:
            return pd.Series([v for _, v in x["__series__"]], index=pd.to_datetime([d for d, _ in x["__series__"]]), dtype=float)
        return {k: fill(v, values) for k, v in x.items()}
    if isinstance(x, tuple):
        if x and x[0] == "__times__":
            from qlib.backtest.decision import TradeRangeByTime

            return TradeRangeByTime(*x[1:])
        return tuple(fill(v, values) for v in x)
    return values.get(x, x) if isinstance(x, str) else x


def write_risk(folder, seed, factors, codes, days, blacklist):
    """A folder a day, as the strategy reads them, all with the same factor model."""
    draws = np.random.RandomState(seed)
    index = pd.Index(codes, name="instrument")
    names = [f"f{k}" for k in range(factors)]
    loadings = draws.normal(size=(factors, 40)) * 0.02
    tables = {
        "factor_exp": pd.DataFrame(draws.normal(size=(len(codes), factors)), index, names),
        "factor_cov": pd.DataFrame(np.atleast_2d(np.cov(loadings)), names, names),
        "specific_risk": pd.Series(draws.uniform(0.01, 0.03, len(codes)), index),
    }
    if blacklist:
        tables["blacklist"] = pd.DataFrame(index=index[::7])
    for day in days:
        (folder / f"{day:%Y%m%d}").mkdir(parents=True, exist_ok=True)
        for name, table_ in tables.items():
            table_.to_pickle(folder / f"{day:%Y%m%d}" / f"{name}.pkl")


def with_own_exchange(parts):
    """RandomOrderStrategy asks for the exchange when it is made, where a backtest has not given it one yet: it fails as a config."""
    from qlib.backtest import get_exchange
    from qlib.backtest.utils import CommonInfrastructure
    from qlib.contrib.strategy.rule_strategy import RandomOrderStrategy

    times = {k: parts["backtest"][k] for k in ("start_time", "end_time")}
    exchange = get_exchange(**{**times, **parts["backtest"]["exchange_kwargs"]})
    strategy = RandomOrderStrategy(common_infra=CommonInfrastructure(trade_exchange=exchange), **parts["strategy"]["kwargs"])
    return {**parts, "strategy": strategy, "backtest": {**parts["backtest"], "exchange_kwargs": {"exchange": exchange}}}


def run(case, folder):
    from qlib.backtest import backtest

    if "risk" in case:
        write_risk(folder / f"{case['seed']}.risk", **case["risk"])
    values = {"<PRED>": signal_of(case), "<RISK>": str(folder / f"{case['seed']}.risk"), "<ORDERS>": str(folder / f"{case['seed']}.orders.csv")}
    if case["orders"] is not None and case["orders"]["instrument"].str.isdigit().any():
        # pandas would read the names in the file as numbers, of which qlib has no prices
        values["<ORDERS>"] = case["orders"].assign(datetime=pd.to_datetime(case["orders"]["datetime"])).set_index(["datetime", "instrument"])
    parts = fill(copy.deepcopy({k: case[k] for k in ("strategy", "executor", "backtest")}), values)
    if case["strategy"]["class"] == "RandomOrderStrategy":
        parts = with_own_exchange(parts)
    np.random.seed(0)
    with OrderTrace() as trace:
        portfolio, indicators = backtest(executor=parts["executor"], strategy=parts["strategy"], **parts["backtest"])
    out = {"orders": plain(trace.rows), "report": {}, "positions": {}, "indicators": {}}
    for freq, (report, positions) in portfolio.items():
        out["report"][freq] = table(report)
        out["positions"][freq] = {str(day): plain(p.position) for day, p in positions.items()}
    for freq, (frame, _) in indicators.items():
        out["indicators"][freq] = table(frame)
    return out


def main():
    data, region, out, count, seed = sys.argv[1], sys.argv[2], Path(sys.argv[3]), int(sys.argv[4]), int(sys.argv[5])
    uri = data
    if data.endswith("minutes"):
        if not os.path.exists(data):
            write_market(region, Path(data))
        uri = {"day": data, "1min": data}
    from qlib.data import D

    warnings.simplefilter("ignore")
    np.seterr(all="ignore")
    qlib.init(provider_uri=uri, region=region, kernels=1, logging_level=logging.CRITICAL)
    market = Market(data, region, os.environ.get("ENHANCED"))

    def close_of(codes, day):
        frame = D.features(codes, ["$close"], day, day)
        return frame["$close"].droplevel("datetime").dropna() if len(frame) else pd.Series(dtype=float)

    for k in range(count):
        case = draw_case(seed + k, market, bool(os.environ.get("QLIB_SOURCE")), close_of)
        name = str(case["seed"])
        case["scores"].to_csv(out / f"{name}.scores.csv", index=False, date_format="%Y-%m-%d %H:%M:%S")
        if case["orders"] is not None:
            case["orders"].to_csv(out / f"{name}.orders.csv", index=False)
        result = {k: plain(case[k]) for k in ("seed", "kind", "form", "strategy", "executor", "backtest")}
        try:
            result["result"] = run(case, out)
        except Exception as error:
            where = [f"{Path(f.filename).name}:{f.lineno} {f.name}" for f in traceback.extract_tb(error.__traceback__) if "qlib" in f.filename]
            result["error"] = {"type": type(error).__name__, "message": str(error)[:300], "where": where[-1:]}
        (out / f"{name}.json").write_text(json.dumps(result))


if __name__ == "__main__":
    main()
