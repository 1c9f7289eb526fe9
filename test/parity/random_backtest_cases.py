"""Draws backtest cases from a seed: strategy, executor, exchange, account, benchmark and the scores, with what real data lack."""
import os
import random

import numpy as np
import pandas as pd


class Market:
    """What cases are drawn from: a folder's codes and days, and whether it has minutes."""

    def __init__(self, data, region, only_enhanced=None):
        self.data, self.region, self.only_enhanced = data, region, only_enhanced
        self.has_minutes = os.path.exists(f"{data}/calendars/1min.txt")
        self.days = pd.to_datetime([x.strip() for x in open(f"{data}/calendars/day.txt") if x.strip()])
        rows = [x.split("\t") for x in open(f"{data}/instruments/all.txt").read().split("\n") if x.strip()]
        self.spans = {}
        for code, start, end in rows:
            a, b = self.spans.get(code, (start, end))
            self.spans[code] = (min(a, start), max(b, end.strip()))

    def alive(self, day):
        return sorted(c for c, (a, b) in self.spans.items() if pd.Timestamp(a) <= day <= pd.Timestamp(b))


def maybe(rng, chance, **kwargs):
    """Each pair with that chance, so that defaults are met as well."""
    return {k: v for k, v in kwargs.items() if rng.random() < chance}


def make_scores(rng, codes, days, kind):
    draws = np.random.RandomState(rng.randrange(2**31))
    slow = draws.normal(size=len(codes))
    rows = []
    for i, day in enumerate(days):
        slow = 0.8 * slow + 0.6 * draws.normal(size=len(codes))
        rows += [(day, c, s) for c, s in zip(codes, slow)]
    table = pd.DataFrame(rows, columns=["datetime", "instrument", "score"])
    if kind == "ties":
        table["score"] = table["score"].round(1)
    if kind in ("gaps", "gaps_nan"):
        table = table[draws.random(len(table)) > 0.1]
        gone = set(rng.sample(list(days), max(1, len(days) // 12)))
        table = table[~table["datetime"].isin(gone)].copy()
    if kind in ("nan", "gaps_nan"):
        table.loc[draws.random(len(table)) < 0.15, "score"] = np.nan
    if kind == "late":
        table = table[table["datetime"] >= days[len(days) // 3]]
    if kind == "few":
        table = table[table["instrument"].isin(rng.sample(codes, max(2, len(codes) // 5)))]
    return table.reset_index(drop=True)


def draw_exchange(rng, codes, has_minutes):
    kwargs = {"codes": rng.choice([codes, codes, codes, codes[::2], "all"])}
    price = rng.choice(["close", "open", "$open", "$close", "$vwap", ("$open", "$close"), ["$close", "$open"],
                        "$open*0.5+$close*0.5", ("($high+$low)/2", "Ref($close, 1)"), None, "__unset__"])
    if price != "__unset__":
        kwargs["deal_price"] = price
    limit = rng.choice([None, 0.095, 0.05, 0.02, 0.01, "__unset__", ("$change > 0.02", "$change < -0.02"), ("Gt($change, 0.015)", "$change*0"),
                        ("Ref($close, 1)/Ref($close, 2) > 1.03", "$close < $open*0.97"), ("$change", "$change*0"), ("$high==$low", "$high==$low")])
    if limit != "__unset__":
        kwargs["limit_threshold"] = limit
    kwargs.update(maybe(rng, 0.6, open_cost=rng.choice([0, 0.0005, 0.0015, 0.02]), close_cost=rng.choice([0.0, 0.0015, 0.0025, 0.03]),
                        min_cost=rng.choice([0, 0.0, 1, 5, 5.0, 500])))
    kwargs.update(maybe(rng, 0.3, impact_cost=rng.choice([0.0, 0.1, 0.5, 2.0])))
    kwargs.update(maybe(rng, 0.7, trade_unit=rng.choice([None, 100, 1, 10, 1000])))
    share = rng.choice([0.001, 0.01, 0.1])
    kwargs.update(maybe(rng, 0.25, volume_threshold=rng.choice([
        ("current", f"{share}*$volume"), ("cum", f"{share}*$volume"), {"all": ("cum", f"{share}*$volume")},
        {"buy": ("current", f"{share}*Mean($volume, 5)")}, {"sell": ("cum", f"{share}*$volume")},
        {"all": ("current", f"{share*2}*$volume"), "buy": ("cum", f"{share}*Ref($volume, 1)"), "sell": ("current", f"{share}*$volume")},
    ])))
    kwargs.update(maybe(rng, 0.15, subscribe_fields=rng.choice([["$high"], ["$low", "Mean($close, 5)"], []]), freq="day"))
    if has_minutes and rng.random() < 0.85:
        kwargs["freq"] = "1min"
    return kwargs


def draw_extra(rng, days):
    """extra_quote: two instruments that the data lack. qlib insists on every field of the exchange but $change."""
    rows = []
    for code in ("XTRA1", "XTRA2"):
        price = 50.0
        for day in days:
            price *= 1 + rng.gauss(0, 0.02)
            if rng.random() < 0.95:
                rows.append([code, str(day.date()), round(price, 3) if rng.random() < 0.95 else None, float(rng.randrange(1000, 100000)), rng.random() < 0.05])
    return {"columns": ["instrument", "datetime", "$close", "$volume", "limit_buy"], "rows": rows, "factor": rng.choice([None, 0.5])}


def draw_topk(rng, count):
    topk = rng.choice([1, 3, 5, 10, count // 2, count, count + 5])
    drop = rng.choice([1, 1, 2, 3, max(1, topk // 2), topk, topk + 3])
    kwargs = {"signal": "<PRED>", "topk": max(1, topk), "n_drop": drop}
    kwargs.update(maybe(rng, 0.4, hold_thresh=rng.choice([0, 1, 2, 5, 10]), only_tradable=rng.random() < 0.7,
                        forbid_all_trade_at_limit=rng.random() < 0.3, risk_degree=rng.choice([0.1, 0.5, 0.9, 1.0]),
                        method_sell=rng.choice(["bottom", "random"]), method_buy=rng.choice(["top", "random"])))
    return {"class": "TopkDropoutStrategy", "module_path": "qlib.contrib.strategy", "kwargs": kwargs}


def draw_weights(rng, count, soft):
    kwargs = {"signal": "<PRED>", "topk": max(1, rng.choice([1, 3, 8, count // 2]))}
    kwargs.update(maybe(rng, 0.5, risk_degree=rng.choice([0.3, 0.8, 0.95, 1.0])))
    names = ["EqualWeightTopk", "RankWeightTopk", "NoneWeight"] + (["SoftTopkUpstream"] * 2 if soft else [])
    name = rng.choice(names)
    if name == "SoftTopkUpstream":
        kwargs.update(maybe(rng, 0.6, trade_impact_limit=rng.choice([0.01, 0.05, 0.2])))
    else:
        kwargs.update(maybe(rng, 0.6, order_generator_cls_or_obj={"__class__": rng.choice(["OrderGenWInteract", "OrderGenWOInteract"])}))
    return {"class": name, "module_path": "random_backtest_strategies", "kwargs": kwargs}


def draw_enhanced(rng, market):
    """EnhancedIndexingStrategy: which risk model it is given is drawn by random_backtests.py from `risk`."""
    kwargs = {"signal": "<PRED>", "riskmodel_root": "<RISK>", "market": market}
    kwargs["optimizer_kwargs"] = {"lamb": rng.choice([0.1, 1, 10]), "delta": rng.choice([0.1, 0.3, 1.0]), "b_dev": rng.choice([0.02, 0.05, 0.2]),
                                  "f_dev": rng.choice([None, 0.05, 0.5]), "scale_return": rng.random() < 0.5, "epsilon": 5e-5}
    return {"class": "EnhancedIndexingStrategy", "module_path": "qlib.contrib.strategy", "kwargs": {**kwargs, **maybe(rng, 0.3, risk_degree=0.9)}}


def draw_orders(rng, codes, days):
    rows = [(str(d.date()), c, rng.choice([50, 100, 333.3, 1000, 1e5]), rng.choice(["buy", "buy", "sell"]))
            for d in days for c in rng.sample(codes, min(len(codes), rng.choice([0, 0, 1, 3])))]
    return pd.DataFrame(rows, columns=["datetime", "instrument", "amount", "direction"])


def config_of_indicators(rng):
    return {"pa_config": {"agg": rng.choice(["twap", "vwap"]), "weight_method": rng.choice(["mean", "amount_weighted", "value_weighted"])},
            "ffr_config": {"weight_method": rng.choice(["mean", "amount_weighted", "value_weighted"])}}


def simulator(rng, step):
    kwargs = {"time_per_step": step, "generate_portfolio_metrics": rng.random() < 0.9}
    kwargs.update(maybe(rng, 0.25, indicator_config=config_of_indicators(rng), trade_type=rng.choice(["serial", "parallel"]),
                        settle_type=rng.choice(["None", "cash"]), track_data=True))
    return {"class": "SimulatorExecutor", "module_path": "qlib.backtest.executor", "kwargs": kwargs}


def nested(rng, step, inner, strategy):
    kwargs = {"time_per_step": step, "inner_executor": inner, "inner_strategy": strategy, "generate_portfolio_metrics": rng.random() < 0.9}
    kwargs.update(maybe(rng, 0.3, indicator_config=config_of_indicators(rng), track_data=True, align_range_limit=rng.random() < 0.5,
                        skip_empty_decision=rng.random() < 0.5))
    return {"class": "NestedExecutor", "module_path": "qlib.backtest.executor", "kwargs": kwargs}


def splitter(rng, freq="day"):
    if rng.random() < 0.08:
        return {**draw_topk(rng, 10)}
    name = rng.choice(["TWAPStrategy", "TWAPStrategy", "SBBStrategyEMA", "ACStrategy"])
    kwargs = {} if name == "TWAPStrategy" else {"instruments": "all", "freq": freq}
    if name == "ACStrategy":
        kwargs.update(maybe(rng, 0.5, lamb=rng.choice([1e-6, 1e-4]), eta=2.5e-6, window_size=rng.choice([5, 10, 20])))
    return {"class": name, "module_path": "qlib.contrib.strategy.rule_strategy", "kwargs": kwargs}


def draw_executor(rng, has_minutes):
    if has_minutes:
        levels = rng.choice(["30min", "60min", "day_30min", "day_30min", "day_5min", "day_30min_1min", "week_day_30min", "day_60min_5min", "day_day_30min"]).split("_")
        out = simulator(rng, levels[-1])
        for step in reversed(levels[:-1]):
            out = nested(rng, step, out, splitter(rng, rng.choice(["1min", "day"]) if step == levels[-2] else "day"))
        return out
    kind = rng.choice(["plain"] * 6 + ["2day", "week", "week_day", "week_day", "month_week_day", "day_day", "month_day"])
    if kind in ("plain", "2day", "week"):
        return simulator(rng, {"plain": "day"}.get(kind, kind))
    levels = kind.split("_")
    out = simulator(rng, levels[-1])
    for step in reversed(levels[:-1]):
        out = nested(rng, step, out, splitter(rng))
    return out


def draw_account(rng, codes, closes):
    cash = rng.choice([1000, 1e5, 1e6, 1e7, 100000000, 12345.67])
    if rng.random() < 0.75 or not len(closes):
        return cash
    # bare numbers of shares and holdings without a price fail in qlib: always both
    held = {c: {"amount": rng.choice([100, 10, 1234.5]), "price": float(closes[c])} for c in rng.sample(list(closes.index), min(len(closes), rng.choice([1, 3, 30])))}
    return {"cash": cash, **held}


def draw_benchmark(rng, codes, days):
    kind = rng.choice(["code", "code", "code", "list", "dict", "series"])
    if kind == "code":
        return rng.choice(codes)
    if kind == "list":
        return sorted(rng.sample(codes, min(4, len(codes))))
    if kind == "dict":
        return {"market": "all", "filter_pipe": []}
    return {"__series__": [[str(d.date()), rng.gauss(0, 0.01)] for d in days if rng.random() < 0.95]}


def draw_case(seed, market, soft, close_of):
    """One case. `close_of(codes, day)` gives the closes of a day for accounts that begin with holdings."""
    rng = random.Random(seed)
    executor = draw_executor(rng, market.has_minutes)
    slow = executor["kwargs"]["time_per_step"] in ("week", "month")
    first = rng.randrange(1, len(market.days) - 3) if market.has_minutes else rng.randrange(40, len(market.days) - 30)
    length = rng.choice([50, 90, 150] if slow else [1, 5, 20, 40, 60, 120])
    days = market.days[first:min(first + length, len(market.days) - 2)]
    start, end = days[0], days[-1]
    alive = market.alive(start)
    codes = sorted(rng.sample(alive, min(len(alive), rng.choice([4, 10, 25, 40]))))
    ended = [c for c, (_, b) in market.spans.items() if start <= pd.Timestamp(b) < end]
    codes = sorted(set(codes) | set(ended))
    shift = pd.Timedelta(days=rng.choice([0, 0, 0, 1, 2]))
    kind = rng.choice(["plain", "plain", "ties", "gaps", "nan", "gaps_nan", "late", "few"])
    scores = make_scores(rng, codes, market.days[max(0, first - 25):first + length], kind)
    if market.has_minutes and rng.random() < 0.3:
        scores["datetime"] += pd.to_timedelta([rng.choice([570, 600, 650, 800]) for _ in range(len(scores))], unit="m")
        scores = scores.sort_values(["datetime", "instrument"]).reset_index(drop=True)
    roll = rng.random()
    case = {"seed": seed, "kind": kind, "form": rng.choice(["frame", "series", "instrument_first", "two_columns"])}
    orders = None
    if roll < 0.55:
        strategy = draw_topk(rng, len(codes))
    elif roll < 0.6:
        kwargs = {"trade_range": None, **maybe(rng, 0.7, sample_ratio=rng.choice([0.0, 0.1, 0.5, 1.0]), volume_ratio=rng.choice([1e-5, 1e-3]), direction=rng.choice([0, 1]))}
        strategy = {"class": "RandomOrderStrategy", "module_path": "qlib.contrib.strategy.rule_strategy", "kwargs": kwargs}
    elif roll < 0.85:
        strategy = draw_weights(rng, len(codes), soft)
    else:
        orders = draw_orders(rng, codes, days)
        strategy = {"class": "FileOrderStrategy", "module_path": "qlib.contrib.strategy.rule_strategy", "kwargs": {"file": "<ORDERS>"}}
    if orders is not None and executor["class"] == "NestedExecutor":
        strategy["kwargs"].update(maybe(rng, 0.5, trade_range=rng.choice([(0, 1), (1, 3), (0, 100)] + [("__times__", "10:00", "14:00"), ("__times__", "9:31", "9:59")] * market.has_minutes)))
    exchange = draw_exchange(rng, codes, market.has_minutes)
    if market.only_enhanced:
        strategy, executor, orders = draw_enhanced(rng, market.only_enhanced), simulator(rng, "day"), None
        executor["kwargs"]["generate_portfolio_metrics"] = True
        case["form"] = "series"  # qlib fails with a frame
        case["risk"] = {"seed": rng.randrange(2**31), "factors": rng.choice([1, 3, 5]), "codes": codes, "days": days[:12], "blacklist": rng.random() < 0.3}
        exchange = {"codes": codes, "limit_threshold": None, "trade_unit": None}
    elif not market.has_minutes and rng.random() < 0.12:
        for key in ("volume_threshold", "subscribe_fields", "deal_price"):
            exchange.pop(key, None)
        exchange["limit_threshold"] = rng.choice([None, 0.05])
        exchange["extra_quote"] = {"__extra__": draw_extra(rng, market.days[first - 5:first + length])}
        more = make_scores(rng, ["XTRA1", "XTRA2"], market.days[max(0, first - 25):first + length], "plain")
        more["score"] += 0.8
        scores = pd.concat([scores, more]).sort_values(["datetime", "instrument"]).reset_index(drop=True)
    elif rng.random() < 0.1:
        inner = {**exchange, **maybe(rng, 0.5, start_time=str(market.days[max(0, first - 10)].date()))}
        exchange = {"exchange": {"class": "Exchange", "module_path": "qlib.backtest.exchange", "kwargs": inner}}
    case.update(strategy=strategy, executor=executor, orders=orders, scores=scores, backtest={
        "start_time": str((start - shift).date()), "end_time": str((end + shift).date()),
        "account": draw_account(rng, codes, close_of(codes, market.days[first - 1])), "benchmark": draw_benchmark(rng, codes, days),
        "exchange_kwargs": exchange})
    if strategy["class"] in ("FileOrderStrategy", "RandomOrderStrategy") and rng.random() < 0.3:
        case["backtest"]["pos_type"] = "InfPosition"
        case["backtest"]["account"] = 1e6
    return case
