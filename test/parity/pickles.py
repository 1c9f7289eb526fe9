#!/usr/bin/env python3
"""Reads a pickle with this Python's pandas (plain pickle.load and pd.read_pickle) and prints what it holds as JSON.

  pickles.py FILE...      one JSON line a file; run it with the pandas to be checked
Floats are given as hexadecimal texts, so that nothing is rounded on the way.
"""
import json
import pickle
import sys
import warnings

import numpy as np
import pandas as pd

warnings.simplefilter("error")  # a form that is deprecated would fail in the next version


def cell(x):
    if x is pd.NaT:
        return "NaT"
    if isinstance(x, (bool, np.bool_)):
        return bool(x)
    if isinstance(x, pd.Timestamp):
        return {"timestamp": x.isoformat()}
    if isinstance(x, (float, np.floating)):
        return {"float": "nan" if x != x else float(x).hex()}
    if isinstance(x, (int, np.integer)):
        return {"int": str(int(x))}
    if isinstance(x, bytes):
        return {"bytes": x.hex()}
    if isinstance(x, tuple):
        return {"tuple": [cell(v) for v in x]}
    if isinstance(x, list):
        return [cell(v) for v in x]
    if isinstance(x, dict):
        return {"dict": [[cell(k), cell(v)] for k, v in x.items()]}
    if isinstance(x, (set, frozenset)):
        return {"set": sorted(json.dumps(cell(v)) for v in x)}
    if isinstance(x, np.ndarray):
        return {"array": [cell(v) for v in x.ravel().tolist()], "dtype": str(x.dtype), "shape": list(x.shape)}
    if isinstance(x, pd.DataFrame):
        x.copy(), x.dropna(), x.reset_index(), x.count()  # what a broken manager can't do
        if len(x):
            x.iloc[::-1].sort_index()
        return {
            "columns": index(x.columns),
            "index": index(x.index),
            "dtypes": [str(t) for t in x.dtypes],
            "values": [[cell(v) for v in x.iloc[:, i].tolist()] for i in range(x.shape[1])],
        }
    if isinstance(x, pd.Series):
        x.copy(), x.dropna(), x.count()
        return {"name": cell(x.name), "index": index(x.index), "dtype": str(x.dtype), "values": [cell(v) for v in x.tolist()]}
    if isinstance(x, pd.Index):
        return index(x)
    if x is None or isinstance(x, str):
        return x
    return {"object": type(x).__module__ + "." + type(x).__qualname__, "state": cell(getattr(x, "__dict__", str(x)))}


def index(i):
    out = {"type": type(i).__name__, "names": [cell(n) for n in i.names], "values": [cell(v) for v in i.tolist()]}
    out["dtypes"] = [str(level.dtype) for level in i.levels] if isinstance(i, pd.MultiIndex) else [str(i.dtype)]
    if isinstance(i, pd.DatetimeIndex):
        out["freq"] = i.freq and str(i.freq)
    if isinstance(i, pd.MultiIndex):
        out["codes"] = [str(c.dtype) for c in i.codes]
    return out


for path in sys.argv[1:]:
    with open(path, "rb") as f:
        value = pickle.load(f)
    both = [cell(value), cell(pd.read_pickle(path))]
    assert both[0] == both[1], "pickle.load and pd.read_pickle differ"
    print(json.dumps(both[0]))
