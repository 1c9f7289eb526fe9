#!/usr/bin/env python3
"""Pickles of the same values by the pandas that runs this, as JSON on stdout (base64): fixtures of the reader's tests.

  for v in pd15 qlib pd3; do /work/peer/$v/bin/python test/parity/make_pickles.py; done     (pandas 1.5.3, 2.2.3, 3.1 with pyarrow)
each into test/records/pickle/fixtures/pandas-<major.minor>.json
"""
import base64
import collections
import datetime
import decimal
import fractions
import json
import pathlib
import pickle
import uuid

import numpy as np
import pandas as pd

days = pd.DatetimeIndex(["2020-01-02", "2020-01-03", "2020-01-06"], name="datetime").astype("datetime64[ns]")
days.freq = None
index = pd.MultiIndex.from_product([days, ["AAPL", "MSFT"]], names=["datetime", "instrument"])
nan = float("nan")

objects = {
    "frame": pd.DataFrame({"score": [0.5, -0.25, nan, 1.0, 2.0, -3.5]}, index=index),
    "frame float32": pd.DataFrame({"a": np.arange(6, dtype="float32"), "b": np.arange(6, dtype="float32") * 2}, index=index),
    "frame mixed": pd.DataFrame(
        {"i": [1, 2, 3], "f": [1.5, nan, 2.5], "b": [True, False, True], "d": days.values, "j": np.array([1, 2, 3], dtype="int32"), "g": [0.0, 1.0, 2.0]},
        index=pd.RangeIndex(2, 8, 2),
    ),
    "frame column levels": pd.DataFrame([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]], index=days, columns=pd.MultiIndex.from_tuples([("feature", "a"), ("label", "y")], names=["g", None])),
    "frame empty": pd.DataFrame({"a": np.array([], dtype="float64")}),
    "frame strings": pd.DataFrame({"s": ["a", "b\u00e9", "\u65e5"]}, index=["x", "y", "z"]),
    "frame category": pd.DataFrame({"c": pd.Categorical(["x", "y", "x"])}),
    "frame nullable": pd.DataFrame({"n": pd.array([1, None, 3], dtype="Int64"), "m": pd.array([True, None, False], dtype="boolean"), "f": pd.array([1.5, 2.5, None], dtype="Float64")}),
    "frame int columns": pd.DataFrame([[1.5, 2.5]], columns=[3, 1]),
    "series": pd.Series([0.1, nan, 0.3], index=days, name="ic"),
    "series unnamed": pd.Series([1, 2, 3]),
    "series tuple name": pd.Series([1.5], name=("a", "b")),
    "series dates": pd.Series(days.values),
    "series deltas": pd.Series(pd.to_timedelta([1, 2], unit="D").astype("timedelta64[ns]")),
    "frame freq": pd.DataFrame({"a": [1.0, 2.0]}, index=pd.date_range("2020-01-01", periods=2, freq="B")),
    "zoned": pd.date_range("2020-01-01", periods=2, tz="UTC"),
    "periods": pd.period_range("2020-01", periods=2, freq="M"),
    "int index": pd.Index([1, 5], name="n"),
    "float index": pd.Index([0.5, 1.5]),
    "bool index": pd.Index([True, False]),
    "categorical index": pd.CategoricalIndex(["b", "a"]),
    "missing code": pd.MultiIndex.from_arrays([["a", "b"], [1.5, nan]], names=["p", "q"]),
    "timestamp": {"t": pd.Timestamp("2020-01-02 09:30:00.000001"), "nat": pd.NaT, "td": pd.Timedelta(days=1, seconds=5), "z": pd.Timestamp("2020-01-02", tz="UTC"), "p": pd.Period("2020Q1")},
    "dict by day": {pd.Timestamp("2020-01-02"): {"cash": 1.5}, pd.Timestamp("2020-01-03"): {"cash": 2.5}},
    "arrays": [np.arange(6.0).reshape(2, 3), np.asfortranarray(np.arange(6.0).reshape(2, 3)), np.arange(10.0)[::2], np.arange(4, dtype=">i4"), np.array(["a", "bcd"]),
               np.array([b"x", b"yz"]), np.array([1, 2], dtype="uint8"), np.array([2**64 - 1], dtype="uint64"), np.array([1.5], dtype="float16"), np.array([1 + 2j]),
               np.array(["2020-01", "NaT"], dtype="M8[M]"), np.array([None, "a", 1], dtype=object), np.array(5.5), np.array([], dtype="int64"),
               np.arange(24, dtype="int16").reshape(2, 3, 4).transpose(2, 0, 1), np.array([3], dtype="m8[h]")],
    "scalars": [np.float64(1.5), np.float32(0.25), np.int64(-3), np.bool_(True), np.datetime64("2020-01-02", "D"), np.str_("s")],
    "python": [datetime.date(2020, 1, 2), datetime.datetime(2020, 1, 2, 9, 30), datetime.datetime(2020, 1, 2, tzinfo=datetime.timezone.utc), datetime.time(1, 2, 3), datetime.timedelta(days=-1, seconds=5),
               decimal.Decimal("1.25"), fractions.Fraction(1, 3), complex(1, -2), slice(1, None, 2), range(3), pathlib.PurePosixPath("/a/b"), {1, 2}, frozenset([3]), b"ab", bytearray(b"cd"),
               collections.OrderedDict(a=1), collections.defaultdict(list, {"k": [1]}), collections.Counter("aab"), collections.deque([1, 2]), (), (1,), (1, 2, 3, 4), 2**70, -(2**31) - 1, 1e300, nan, float("-inf"), None, True, "h\u00e9\U0001f680"],
}
if pd.__version__ >= "2":
    objects["uuid"] = uuid.UUID(int=7)

out = []
for name, value in objects.items():
    pickles = {}
    for protocol in (0, 2, 4, 5):
        try:
            pickles[protocol] = base64.b64encode(pickle.dumps(value, protocol=protocol)).decode()
        except Exception:  # noqa: BLE001 - not every value has a pickle of protocol 0
            pass
    out.append({"name": name, "pickles": pickles})
print(json.dumps(out))
