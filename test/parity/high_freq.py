"""Expressions with the operators of qlib.contrib.ops.high_freq, evaluated by real qlib on made-up minutes with halts and a late instrument.

  python high_freq.py OUT                      needs pyqlib 0.9.7; OUT gets the data folder and frames.json

test/parity/high-freq.test.ts runs it where PEER names such a Python, and compares.
"""
import json
import sys
import warnings
from pathlib import Path

import numpy as np
import qlib

from minute_backtests import write_market

warnings.simplefilter("ignore")
out = Path(sys.argv[1])
root = out / "data"
write_market("cn", root)
rng = np.random.default_rng(3)
for folder in (root / "features").iterdir():
    late = 240 * 5 if folder.name == "sh600004" else 0  # begins on the sixth day
    for path in folder.glob("*.1min.bin"):
        bars = np.fromfile(path, "<f")[1:][late:]
        holes = rng.random(len(bars)) < 0.05
        bars[holes] = np.nan
        if path.name.startswith("open"):
            bars[rng.random(len(bars)) < 0.01] = np.inf
        if path.name.startswith("close"):
            bars[240:480] = np.nan  # a day without any
        np.concatenate([[late], bars]).astype("<f").tofile(path)
for folder in (root / "features").iterdir():
    bars = np.fromfile(folder / "high.1min.bin", "<f")
    bars[1::7] = np.nan
    bars[0] = np.fromfile(folder / "close.1min.bin", "<f")[0]
    bars.tofile(folder / "vwap.1min.bin")
NAMES = "DayCumsum DayLast FFillNan BFillNan Date Select IsNull IsInf Cut".split()
ops = [{"class": name, "module_path": "qlib.contrib.ops.high_freq"} for name in NAMES]
qlib.init(provider_uri={"day": str(root), "1min": str(root)}, region="cn", kernels=1, logging_level=50, joblib_backend="threading", custom_ops=ops)
from qlib.data import D  # noqa: E402
from qlib.data.cache import H  # noqa: E402

FILLED = "FFillNan(If(IsNull($open), $close, $open)/DayLast(Ref(FFillNan($close), 480)))"
SHIFTED = "FFillNan(Ref(If(IsNull($open), $close, $open), 240)/DayLast(Ref(FFillNan($close), 240)))"
VOLUME = "$volume/Ref(DayLast(Mean($volume, 7200)), 240)"
EXPRESSIONS = [
    "DayLast($close)", "DayLast(Mean($close, 7))", "DayLast($close>20)", "Ref(DayLast($close), 240)", "DayLast(Ref($close, 243))", "$close/DayLast(FFillNan($close))",
    "FFillNan($close)", "FFillNan(Ref($close, 5))", "FFillNan(Mean($close, 3)-$open)", "FFillNan(Ref($close>$open, 3))", "Mean(FFillNan($close), 10)",
    "BFillNan($close)", "BFillNan(Ref($close, -4))", "Std(BFillNan($volume), 5)", "BFillNan($open)",
    "IsNull($close)", "IsNull(Ref($close, 7))", "Not(IsNull($close))", "If(IsNull($close), $open, $close)", "IsInf($open)", "If(IsInf($open), 0, $open)", "Sum(IsNull($close), 30)",
    "Cut($close, 480)", "Cut($close, 5, None)", "Cut($close, None, -7)", "Cut($close, 3, -2)", "Cut(Cut($close, 3), 4)", "Mean(Cut($close, 100), 5)", "Cut($close, 4)+$open",
    "Cut(Mean($close, 10), left=20)", "Cut($close, 2)/Cut($open, 2)", "Cut($close, 2)>Cut($open, 2)", "Cut($close, 2)>Cut($open, 3)", "Ref(Cut($close, 9), 4)", "Corr(Cut($close, 9), Cut($open, 9), 20)",
    "DayCumsum($volume)", "DayCumsum($volume, '10:00', '14:00')", "DayCumsum($close, start='13:00')", "DayCumsum($close, '14:00', '10:00')", "DayCumsum($volume/3)", "DayCumsum($close>20)",
    "DayCumsum(Ref($close, 240), '9:31')", "DayCumsum(Ref($close, 3))", "DayCumsum($close, '9:00')", "DayCumsum($close, '9:30', '14:59', 7)", "DayCumsum($close, '9:30', '14:59', 5)",
    "Date($close)==Date(Ref($close, 1))", "If(Date($close)>Date(Ref($close, 30)), 1, 0)", "Cut($close, 0)", "Cut($close, None, 3)", "DayLast(Cut($close, 100))", "FFillNan(Cut($close, 30))",
    f"Cut({FILLED}, 480, None)", f"Cut({SHIFTED}, 480, None)", f"Cut(If(IsNull({VOLUME}), 0, {VOLUME}), 480, None)",
]
ASKED = [("2020-01-02", "2020-01-21 15:00:00"), ("2020-01-09", "2020-01-13 15:00:00"), ("2020-01-08 10:10:00", "2020-01-10 13:30:00")]
result = []
for start, end in ASKED:
    for expression in EXPRESSIONS:
        H.clear()  # its keys lack the arguments of these operators
        case = {"expression": expression, "start": start, "end": end}
        try:
            frame = D.features(["SH600001", "SH600003", "SH600004"], [expression], start, end, freq="1min", disk_cache=0).swaplevel().sort_index()
            with np.errstate(all="ignore"):
                values = frame.iloc[:, 0].astype(float)
            case["rows"] = [f"{t:%Y-%m-%d %H:%M:%S} {name}" for t, name in frame.index]
            case["values"] = [None if np.isnan(x) else str(x) if np.isinf(x) else float(x) for x in values]
        except Exception as error:  # pylint: disable=broad-except
            case["error"] = f"{type(error).__name__}: {error}"[:200]
        result.append(case)
from qlib.utils import init_instance_by_config  # noqa: E402

HANDLERS = [
    ("HighFreqGeneralHandler", {}),
    ("HighFreqGeneralHandler", {"columns": ["$close"], "day_length": 120}),
    ("HighFreqGeneralBacktestHandler", {}),
    ("HighFreqGeneralBacktestHandler", {"columns": ["$close", "$volume"], "day_length": 30}),
]
handlers = []
for name, kwargs in HANDLERS:
    for start, end in ASKED:
        H.clear()
        given = {"instruments": ["SH600001", "SH600003", "SH600004"], "start_time": start, "end_time": end, **kwargs}
        made = init_instance_by_config({"class": name, "module_path": "qlib.contrib.data.highfreq_handler", "kwargs": given})
        frame = made.fetch(col_set="__raw")
        frame = (frame if frame.index.names[0] == "datetime" else frame.swaplevel()).sort_index()
        values = [[None if np.isnan(x) else str(x) if np.isinf(x) else float(x) for x in frame.iloc[:, i]] for i in range(frame.shape[1])]
        handlers.append({"handler": name, "kwargs": given, "columns": list(frame.columns), "rows": [f"{t:%Y-%m-%d %H:%M:%S} {code}" for t, code in frame.index], "values": values})
# what a filter does in place of Select
selected = []
for condition in ["$close>Mean($close, 20)", "($close>$open)&($volume>5000)"]:
    for start, end in ASKED[:2]:
        H.clear()
        frame = D.features(D.instruments("all"), [f"Select({condition}, $close)"], start, end, freq="1min", disk_cache=0).swaplevel().sort_index()
        values = [None if np.isnan(x) else float(x) for x in frame.iloc[:, 0]]
        selected.append({"condition": condition, "start": start, "end": end, "rows": [f"{t:%Y-%m-%d %H:%M:%S} {code}" for t, code in frame.index], "values": values})
with open(out / "frames.json", "w") as file:
    json.dump({"expressions": result, "handlers": handlers, "selected": selected}, file)
