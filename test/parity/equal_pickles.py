#!/usr/bin/env python3
"""Loads pairs of pickles with this Python's pandas and says whether they hold equal values.

  equal_pickles.py A1 B1 [A2 B2 ...]     one line a pair: "equal", or the first difference; exit 1 on any difference
Frames and series are compared by pandas.testing with dtypes, names and index classes, floats exactly; ints and floats of equal value are
equal. pickle.load is used, not pd.read_pickle, as qlib does, with warnings as errors for the second of a pair.
"""
import pickle
import sys
import warnings

import numpy as np
import pandas as pd
from pandas import testing


def check(a, b, where="value"):
    if isinstance(a, pd.DataFrame):
        testing.assert_frame_equal(a, b, check_exact=True, check_freq=False, obj=where)
    elif isinstance(a, pd.Series):
        testing.assert_series_equal(a, b, check_exact=True, check_freq=False, obj=where)
    elif isinstance(a, pd.Index):
        testing.assert_index_equal(a, b, exact=True, obj=where)
    elif isinstance(a, np.ndarray):
        np.testing.assert_array_equal(a, b, err_msg=where)
    elif isinstance(a, dict):
        assert list(a) == list(b), f"{where}: keys"
        for k in a:
            check(a[k], b[k], f"{where}[{k!r}]")
    elif isinstance(a, (list, tuple)):
        assert type(a) is type(b) and len(a) == len(b), f"{where}: {type(a)} {type(b)}"
        for i, (x, y) in enumerate(zip(a, b)):
            check(x, y, f"{where}[{i}]")
    elif isinstance(a, type):
        assert a is b, where
    elif hasattr(a, "__dict__") and not callable(a):
        assert type(a) is type(b), f"{where}: {type(a)} {type(b)}"
        check(vars(a), vars(b), where)
    elif isinstance(a, float) and a != a:
        assert b != b, where
    else:
        assert a == b or a is b, f"{where}: {a!r} {b!r}"


bad = 0
for one, two in zip(sys.argv[1::2], sys.argv[2::2]):
    try:
        with open(one, "rb") as f:
            first = pickle.load(f)
        with warnings.catch_warnings(), open(two, "rb") as f:
            warnings.simplefilter("error")
            second = pickle.load(f)
        check(first, second)
        print("equal")
    except Exception as e:  # noqa: BLE001 - the difference is the result
        bad += 1
        print(f"{type(e).__name__}: {' '.join(str(e).split())[:300]}")
sys.exit(1 if bad else 0)
