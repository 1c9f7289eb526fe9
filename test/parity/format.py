#!/usr/bin/env python3
"""Writes test/records/codec/format/fixtures/pandas-text.json: pickles (base64) and what pandas 2.2.3 prints for them.

  /work/peer/qlib/bin/python test/parity/format.py > test/records/codec/format/fixtures/pandas-text.json
"""
import base64
import json
import pickle
from pprint import pformat

import numpy as np
import pandas as pd

rng = np.random.default_rng(7)
days = pd.DatetimeIndex(pd.date_range("2020-01-01", periods=100), freq=None, name="datetime")
two = pd.MultiIndex.from_product([days[:40], ["AAPL", "B", "XOM"]], names=["datetime", "instrument"])
nan = float("nan")


def frame(values, **kw):
    return pd.DataFrame(values, **kw)


objects = {
    "scores": frame({"score": rng.normal(size=120)}, index=two),
    "scores head": frame({"score": rng.normal(size=120)}, index=two).head(5),
    "two columns": frame({"a": rng.normal(size=12), "b": rng.normal(size=12) * 1e7}, index=two[:12]),
    "report": frame(rng.normal(size=(5, 9)) * [1e8, 0.01, 1e7, 1, 1e5, 0.001, 1e8, 1e6, 0.01], index=days[:5],
                    columns=["account", "return", "total_turnover", "turnover", "total_cost", "cost", "value", "cash", "bench"]),
    "wide": frame(rng.normal(size=(70, 30)), columns=[f"KLEN{i}" for i in range(30)]),
    "ints": frame({"x": [1, -2, 300], "y": [1.0, 2.0, 3.0]}),
    "bools": frame({"x": [True, False, True], "s": ["a", None, "long text"]}, index=["r1", "r2", "r3"]),
    "dates": frame({"d": days[:3], "t": pd.to_datetime(["2020-01-01 09:30", None, "2020-01-03 00:00"])}),
    "small": frame({"v": [1e-7, 1.0, nan]}),
    "large": frame({"v": [123456789.123, 1.0, nan]}),
    "large whole": frame({"v": [12345678.0, 1.0]}),
    "infinite": frame({"v": [np.inf, -np.inf, 1.25]}),
    "halves": frame({"v": [0.0078125, 0.0234375, 2.5]}),
    "float32": frame({"v": np.array([0.1, 0.2, 1e9], dtype="float32")}),
    "zeros": frame({"v": [0.0, 0.0]}),
    "column levels": frame(rng.normal(size=(3, 3)), columns=pd.MultiIndex.from_tuples([("feature", "a"), ("feature", "b"), ("label", "y")])),
    "column levels named": frame(rng.normal(size=(3, 3)), columns=pd.MultiIndex.from_tuples([("feature", "a"), ("feature", "b"), ("label", "y")], names=["group", "field"]), index=days[:3]),
    "column name": frame({"a": [1.5]}).rename_axis(columns="col"),
    "long text": frame({"s": ["x" * 80, "y"]}),
    "three levels": frame({"v": [1.0, 2.0, 3.0, 4.0]}, index=pd.MultiIndex.from_tuples([("a", "b", 1), ("a", "b", 2), ("a", "c", 1), ("d", "c", 1)])),
    "61 rows": frame({"v": np.arange(61) / 7}),
    "60 rows": frame({"v": np.arange(60) / 7}),
    "float index": frame({"v": [1, 2]}, index=[0.5, -1.5]),
    "empty": frame({"a": []}),
    "exactly 80": frame({"a" * 40: [1.0], "b" * 36: [2.0]}),
    "exactly 79": frame({"a" * 40: [1.0], "b" * 35: [2.0]}),
    "exactly 78": frame({"a" * 40: [1.0], "b" * 34: [2.0]}),
    "wide unicode": frame({"né": ["日本", "🚀"]}),
    "missing label": frame({"v": [1.0, 2.0]}, index=pd.MultiIndex.from_tuples([("a", nan), ("b", "x")], names=["p", "q"])),
    "series": pd.Series(rng.normal(size=3), index=days[:3], name="ic"),
    "series long": pd.Series(rng.normal(size=100), index=days),
    "series levels": pd.Series(rng.normal(size=120), index=two, name="label"),
    "series int": pd.Series([1, -2, 3]),
    "series text": pd.Series(["a", "bb", None], name="s"),
    "series dates": pd.Series(days[:2]),
    "series empty": pd.Series([], dtype="float64", name="e"),
    "series bool": pd.Series([True, False]),
    "series tuple name": pd.Series([1.5], name=("a", "b")),
    "dict": {"IC": 0.08466938874263144, "ICIR": 0.23346484061118628, "Rank IC": 0.0632419860451006, "Rank ICIR": 0.17932692724045127},
    "dict short": {"b": 1, "a": [1.5, None, True, "x'y"]},
    "dict nested": {"alpha": {"beta": list(range(30)), "gamma": (1, 2)}, "z" * 30: ["word " * 12, "b"], "e": {}, "t": (1,)},
    "text": "The following are prediction results of the model with a name that is very long indeed, longer than a line.",
    "text short": "The following are analysis results of the excess return without cost(1day).",
    "list": [0.1, 1e-5, 1e16, 123456789012345680.0, 1e22, -0.0, 1e-4, 5e-324, 1.7976931348623157e308, 100.5],
}

out = []
for name, value in objects.items():
    out.append({"name": name, "pickle": base64.b64encode(pickle.dumps(value, protocol=4)).decode(), "text": pformat(value)})
print(json.dumps(out, indent=1))
