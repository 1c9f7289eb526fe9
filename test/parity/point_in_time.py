"""Point-in-time data and expressions over it, by real qlib: makes CSV files from a seed, writes them with qlib's own dump_pit.py beside a copy of a
few instruments of DATA, and evaluates expressions. Run by point_in_time.mjs.

usage: point_in_time.py DATA DUMP_PIT.py OUT SEED
OUT gets csv_q/ and csv_a/ (what was dumped), data/ (the folder) and result.json: [{expression, freq, values: {"A 2012-01-03": value}} or {expression, error}].
"""
import importlib.util
import json
import shutil
import sys
import warnings
from pathlib import Path

import numpy as np
import pandas as pd
import qlib
from qlib.data import D

warnings.filterwarnings("ignore")
source, script, out, seed = Path(sys.argv[1]), sys.argv[2], Path(sys.argv[3]), int(sys.argv[4])
rng = np.random.default_rng(seed)
instruments = ["AAPL", "GE", "KIM", "ABBV"]


def rows(field, quarterly, first_year, years):
    """Publications in random order of periods, with revisions, gaps, missing values and several on one day."""
    made = []
    for year in range(first_year, first_year + years):
        for quarter in range(1, 5) if quarterly else [0]:
            if rng.random() < 0.12:
                continue
            end = pd.Timestamp(year, 3 * quarter if quarterly else 12, 28)
            day = end + pd.Timedelta(days=int(rng.integers(10, 120)))
            for _ in range(1 + int(rng.integers(0, 3))):
                value = np.nan if rng.random() < 0.05 else round(float(rng.normal()), 6)
                made.append((day.strftime("%Y-%m-%d"), year * 100 + quarter if quarterly else year, value, field))
                day += pd.Timedelta(days=int(rng.integers(0, 200)))
    return made


data = out / "data"
data.mkdir(parents=True)
for part in ["calendars", "instruments"]:
    shutil.copytree(source / part, data / part)
for name in instruments:
    shutil.copytree(source / "features" / name.lower(), data / "features" / name.lower())
spec = importlib.util.spec_from_file_location("dump_pit", script)
dump_pit = importlib.util.module_from_spec(spec)
sys.modules["dump_pit"] = dump_pit
spec.loader.exec_module(dump_pit)
for interval, quarterly in [("quarterly", True), ("annual", False)]:
    folder = out / f"csv_{interval[0]}"
    folder.mkdir()
    for name in instruments[:-1]:
        fields = ["roe", "eps"] if name != "GE" else ["roe"]
        table = [row for field in fields for row in rows(field, quarterly, int(rng.integers(2006, 2011)), 7)]
        frame = pd.DataFrame(table, columns=["date", "period", "value", "field"])
        frame.to_csv(folder / f"{name.lower()}.csv", index=False)
    dump_pit.DumpPitData(csv_path=str(folder), qlib_dir=str(data), max_workers=1).dump(interval=interval)

expressions = [
    "P($$roe_q)",
    "P($$ROE_q)",
    "P($$roe_a)",
    "P($$eps_q)",
    "P(Mean($$roe_q, 4))",
    "P(Sum($$roe_q, 4))",
    "P(Sum($$roe_q, 0))",
    "P(Ref($$roe_q, 1))",
    "P(Ref($$roe_q, 4))",
    "P($$roe_q / Ref($$roe_q, 4) - 1)",
    "P((Ref($$roe_q, 1) + $$roe_q) / 2)",
    "P($$roe_q + $$eps_q)",
    "P(Mean($$roe_q + $$eps_q, 3))",
    "P($$roe_q - Mean($$eps_q, 2))",
    "P(Std($$roe_q, 5))",
    "P(Slope($$roe_q, 4))",
    "P(Corr($$roe_q, $$roe_q * 2 + Ref($$roe_q, 1), 6))",
    "P(Max($$roe_q, 3))",
    "P(IdxMax($$roe_q, 3))",
    "P(Rank($$roe_q, 4))",
    "P(Count($$roe_q, 4))",
    "P(EMA($$roe_q, 3))",
    "P(EMA($$roe_q, 0.3))",
    "P(WMA($$roe_q, 3))",
    "P(Quantile($$roe_q, 5, 0.3))",
    "P(Med($$roe_q, 3))",
    "P(Mad($$roe_q, 3))",
    "P(Delta($$roe_q, 2))",
    "P(Abs($$roe_q))",
    "P(Log(Abs($$roe_q)))",
    "P(Sign($$roe_q))",
    "P(Power($$roe_q, 2))",
    "P(Greater($$roe_q, 0))",
    "P($$roe_q > 0)",
    "P($$roe_q > Ref($$roe_q, 1))",
    "P(If($$roe_q > 0, $$roe_q, 0 - $$roe_q))",
    "P($$roe_q + $$roe_a)",
    "P($$roe_q > $$eps_q)",
    "P(Ref($$roe_q, -1))",
    "P($$roe)",
    "P($close)",
    "$$roe_q",
    "PRef($$roe_q, 201002)",
    "PRef($$roe_q, 201104)",
    "PRef($$roe_q, 201105)",
    "PRef($$roe_q, 199001)",
    "PRef($$roe_a, 2010)",
    "PRef(Mean($$roe_q, 2), 201003)",
    "PRef($$roe_q + 1, 201003)",
    "P($$roe_q) / $close",
    "$close + P($$eps_q)",
    "Mean(P($$roe_q), 20)",
    "Ref(P($$roe_q), 5)",
    "Ref(P($$roe_q), -5)",
    "P($$roe_q) - Ref(P($$roe_q), 60)",
    "If(P($$roe_q) > 0, $close, $open)",
    "ChangeInstrument('AAPL', P($$roe_q))",
    "P(ChangeInstrument('AAPL', $$roe_q))",
    "P($$roe_q) + ChangeInstrument('KIM', P($$roe_q))",
    "P($$absent_q)",
    "P($$absent_q) + $close",
    "Corr(P($$roe_q), $close, 30)",
    "Std(P(Mean($$roe_q, 2)), 10)",
]
qlib.init(provider_uri=str(data), region="us", kernels=1, logging_level=50, joblib_backend="threading")
result = []
for expression in expressions:
    try:
        frame = D.features(instruments, [expression], "2009-01-01", "2012-12-31", disk_cache=0)
        values = {
            f"{name} {day:%Y-%m-%d}": None if np.isnan(value) else float(value)
            for (name, day), value in frame.iloc[:, 0].items()
        }
        result.append({"expression": expression, "values": values})
    except Exception as error:  # pylint: disable=broad-except
        result.append({"expression": expression, "error": f"{type(error).__name__}: {error}"[:200]})
with open(out / "result.json", "w") as file:
    json.dump(result, file)
