"""Frames that real qlib makes of minute data: expressions, the handler and the processors of its multi-frequency benchmark, and those of contrib.

  python minute_frames.py EXAMPLES OUT         needs pyqlib 0.9.7; EXAMPLES holds features_resample_N.py, features_sample.py and multi_freq_handler.py of
                                               qlib's examples/benchmarks/LightGBM; OUT gets the data folder and frames.json

test/parity/minute-frames.test.ts runs it where PEER and EXAMPLES are set, and compares.
"""
import json
import sys
import warnings
from pathlib import Path

import numpy as np
import pandas as pd
import qlib

from minute_backtests import write_market

warnings.simplefilter("ignore")
sys.path.insert(0, sys.argv[1])
out = Path(sys.argv[2])
root = out / "data"
write_market("cn", root)
for folder in (root / "features").iterdir():
    for freq in ["1min", "day"]:
        parts = [np.fromfile(folder / f"{name}.{freq}.bin", "<f") for name in ["open", "close"]]
        ((parts[0] + parts[1]) / 2).astype("<f").tofile(folder / f"vwap.{freq}.bin")
qlib.init(provider_uri={"day": str(root), "1min": str(root)}, region="cn", kernels=1, logging_level=50, joblib_backend="threading")
from qlib.data import D  # noqa: E402
from qlib.contrib.data.highfreq_processor import HighFreqNorm, HighFreqTrans  # noqa: E402
from qlib.utils import init_instance_by_config  # noqa: E402


def plain(frame):
    if list(frame.index.names) != ["datetime", "instrument"]:
        frame = frame.swaplevel()
    frame = frame.sort_index()
    columns = [".".join(c) if isinstance(c, tuple) else c for c in frame.columns]
    return {
        "rows": [f"{t:%Y-%m-%d %H:%M:%S} {name}" for t, name in frame.index],
        "columns": {c: [None if np.isnan(x) else float(x) for x in frame.iloc[:, i].astype(float)] for i, c in enumerate(columns)},
    }


result = {}
EXPRESSIONS = [
    "$close", "Mean($close, 15)", "Ref($close, 240)", "Ref($close, -3)", "Std($volume, 30)", "Corr($close, $volume, 20)", "Sum($volume, 0)",
    "EMA($close, 0.1)", "If($close>$open, $close, Ref($open, 1))", "Quantile($close, 60, 0.8)", "Slope($close, 10)", "Rank($close, 30)",
    "ChangeInstrument('SH000300', $close)/$close", "WMA($close, 7)", "Delta($close, 5)", "Count($close>Ref($close,1), 10)", "IdxMax($high, 12)",
]
frame = D.features(["SH600001", "SH600003"], EXPRESSIONS, "2020-01-09 10:00:00", "2020-01-15 13:30:00", freq="1min", disk_cache=0)
result["expressions"] = plain(frame)

base = dict(instruments=["SH600001", "SH600003", "SH600004"], start_time="2020-01-03", end_time="2020-01-17 15:00:00")
result["avg15min"] = plain(
    init_instance_by_config({
        "class": "Avg15minHandler",
        "module_path": "multi_freq_handler",
        "kwargs": {
            **base,
            "freq": {"label": "day", "feature_15min": "1min", "feature_day": "day"},
            "learn_processors": [],
            "inst_processors": {"feature_15min": [{"class": "ResampleNProcessor", "module_path": "features_resample_N", "kwargs": {"target_frq": "1d"}}]},
        },
    }).fetch(col_set="__raw")
)
loader = {
    "class": "QlibDataLoader",
    "kwargs": {
        "config": {"feature": (["$close", "$volume", "$open"], ["C", "V", "O"])},
        "freq": "1min",
        "inst_processors": [{"class": "Resample1minProcessor", "module_path": "features_sample", "kwargs": {"hour": 14, "minute": 56}}],
    },
}
result["one_minute"] = plain(
    init_instance_by_config({"class": "DataHandler", "module_path": "qlib.data.dataset.handler", "kwargs": {**base, "data_loader": loader}}).fetch(col_set="__raw")
)
plain_loader = {"class": "QlibDataLoader", "kwargs": {"config": (["$close", "$open", "$volume"], ["C", "O", "V"]), "freq": "1min"}}
raw = init_instance_by_config({"class": "DataHandler", "module_path": "qlib.data.dataset.handler", "kwargs": {**base, "data_loader": plain_loader}}).fetch()
norm = HighFreqNorm("2020-01-03", "2020-01-10", str(out / "norm") + "/", {"price": 2, "volume": 1})
norm.fit(raw.copy())
result["norm"] = plain(norm(raw.copy()))
result["trans_float"] = plain(HighFreqTrans("float32")(raw.copy()))
result["trans_bool"] = plain(HighFreqTrans()(raw[["O"]].fillna(0).copy()))
with open(out / "frames.json", "w") as file:
    json.dump(result, file)
