"""Files that real qlib's StaticDataLoader reads, and the frames that it and NestedDataLoader make of them.

  python static_frames.py OUT                  needs pyqlib 0.9.7; OUT gets the files and frames.json

test/parity/static-frames.test.ts runs it where PEER names such a Python, and compares.
"""
import json
import os
import sys
import warnings

import numpy as np
import pandas as pd
from qlib.data.dataset.loader import NestedDataLoader, StaticDataLoader

warnings.simplefilter("ignore")
os.makedirs(sys.argv[1], exist_ok=True)
os.chdir(sys.argv[1])
rng = np.random.default_rng(3)
days = pd.date_range("2020-01-01", periods=40)
index = pd.MultiIndex.from_product([days, ["A", "B", "C"]], names=["datetime", "instrument"])
features = pd.DataFrame(rng.normal(size=(120, 2)).astype("f4"), index=index, columns=["x", "y"]).drop(index=[(days[3], "B")])
labels = pd.DataFrame({"LABEL0": rng.normal(size=120)}, index=index)
features.to_pickle("f.pkl")
labels.sample(frac=1, random_state=1).to_pickle("l.pkl")
labels.to_csv("l.csv")
both = pd.concat({"feature": features, "label": labels}, axis=1).sort_index()
both.to_pickle("both.pkl")
both.to_parquet("both.parquet")


def plain(frame):
    frame = frame.sort_index()
    columns = [".".join(c) if isinstance(c, tuple) else c for c in frame.columns]
    return {
        "rows": [f"{t:%Y-%m-%d} {name}" for t, name in frame.index],
        "columns": {c: [None if np.isnan(v) else float(v) for v in frame.iloc[:, k]] for k, c in enumerate(columns)},
    }


def nested(config):
    return {"class": "StaticDataLoader", "module_path": "qlib.data.dataset.loader", "kwargs": {"config": config}}


with open("frames.json", "w") as file:
    json.dump(
        {
            "pickle": plain(StaticDataLoader("both.pkl").load(None, "2020-01-05", "2020-01-20")),
            "parquet": plain(StaticDataLoader("both.parquet").load(["A", "C"], None, None)),
            "groups": plain(StaticDataLoader({"feature": "f.pkl", "label": "l.csv"}).load(None, None, None)),
            "inner": plain(StaticDataLoader({"feature": "f.pkl", "label": "l.pkl"}, join="inner").load(None, None, None)),
            "nested": plain(NestedDataLoader([nested({"feature": "f.pkl"}), nested({"label": "l.pkl"})]).load("csi300", None, None)),
        },
        file,
    )
