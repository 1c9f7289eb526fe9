"""Writes golden results: tables as gzipped CSV, everything else as JSON, the same bytes for the same values.

Tables: index columns first, dates YYYY-MM-DD, NaN an empty cell, infinities `inf` and `-inf`, every number in the shortest text that
reads back as the same number of its column's dtype. JSON: in data/ NaN is null and infinities "inf" and "-inf"; in backtest/ they are
"NaN", "Infinity", "-Infinity", and a tuple is {"__tuple__": [...]}.
"""
import gzip
import json
import math
from pathlib import Path

import numpy as np
import pandas as pd


def write_bytes_gz(path, data):
    """No time and no name in the file: the same bytes each time."""
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    with open(path, "wb") as raw, gzip.GzipFile(fileobj=raw, mode="wb", filename="", mtime=0, compresslevel=9) as out:
        out.write(data)


def write_text_gz(path, text):
    write_bytes_gz(path, text.encode())


def _text_table(df, path, index):
    write_text_gz(path, df.to_csv(index=index, lineterminator="\n", date_format="%Y-%m-%d", na_rep=""))


class DataFiles:
    """The conventions of data/: a table keeps its dtypes and is described by what `table` returns."""

    def __init__(self, folder):
        self.folder = Path(folder)

    def json(self, name, value):
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(self._plain(value), indent=1, ensure_ascii=False) + "\n")

    def table(self, name, df):
        if isinstance(df, pd.Series):
            df = df.to_frame()
        if isinstance(df.columns, pd.MultiIndex):
            df = df.set_axis([".".join(map(str, c)) for c in df.columns], axis=1)
        _text_table(df, self.folder / name, True)
        values = df.to_numpy(dtype=float)
        return {
            "file": name,
            "rows": len(df),
            "index": list(df.index.names),
            "columns": df.shape[1],
            "dtypes": sorted({str(t) for t in df.dtypes}),
            "nan_cells": int(np.isnan(values).sum()),
            "inf_cells": int(np.isinf(values).sum()),
        }

    def _plain(self, x):
        if isinstance(x, dict):
            return {str(k): self._plain(v) for k, v in x.items()}
        if isinstance(x, (list, tuple, pd.Index, pd.Series, np.ndarray)):
            return [self._plain(v) for v in x]
        if isinstance(x, pd.Timestamp):
            return str(x.date()) if x == x.normalize() else str(x)
        if isinstance(x, (bool, np.bool_)):
            return bool(x)
        if isinstance(x, np.integer):
            return int(x)
        if isinstance(x, (float, np.floating)):
            # str(): the shortest text of a float32
            return float(str(x)) if math.isfinite(x) else None if math.isnan(x) else "inf" if x > 0 else "-inf"
        return x if x is None or isinstance(x, (int, str)) else str(x)


class BacktestFiles:
    """The conventions of backtest/: every number as a double."""

    def __init__(self, folder):
        self.folder = Path(folder)

    def json(self, name, value):
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(self._plain(value), indent=1, ensure_ascii=False) + "\n")

    def table(self, name, df, index=True):
        df = df.copy()
        for column in df.columns:
            if df[column].dtype == np.float32:
                df[column] = df[column].astype(float)
        _text_table(df, self.folder / name, index)

    def _plain(self, x):
        if isinstance(x, dict):
            return {str(k): self._plain(v) for k, v in x.items()}
        if isinstance(x, tuple):
            return {"__tuple__": [self._plain(v) for v in x]}
        if isinstance(x, list):
            return [self._plain(v) for v in x]
        if isinstance(x, np.generic):
            x = x.item()
        if isinstance(x, float) and not math.isfinite(x):
            return "NaN" if math.isnan(x) else "Infinity" if x > 0 else "-Infinity"
        return x if x is None or isinstance(x, (bool, int, float, str)) else str(x)
