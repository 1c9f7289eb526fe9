"""IC of our DEnsembleModel beside real qlib's on the same data, three seeds each.

usage: DATA=FOLDER [YEARS=1] [EPOCHS=28] [SEEDS=3] PEER/bin/python double_ensemble_ic.py   (PEER has qlib; needs node, npm start; made with qlib 0.9.7, lightgbm 4.7)
DATA is a qlib folder of daily prices. The model is that of qlib's benchmark (three sub-models, Alpha158); learned from the YEARS years before the last three of the calendar,
because real qlib predicts all training rows for every feature and sub-model; validated on the next half year, tested on the one and a half after it. A seed is LightGBM's and
numpy's. Prints a line a seed: both ICs, the greatest difference of predictions in standard deviations, the seconds of both fits. Ends with 1 where an IC is more than 0.002 apart.
"""
import glob
import json
import os
import subprocess
import sys
import tempfile
import time

if os.environ.get("PYTHONHASHSEED") != "0":
    # the order of the chosen features is that of a Python set
    os.execve(sys.executable, [sys.executable, *sys.argv], {**os.environ, "PYTHONHASHSEED": "0"})

import numpy as np
import pandas as pd
import qlib
from qlib.contrib.eva.alpha import calc_ic
from qlib.contrib.model.double_ensemble import DEnsembleModel
from qlib.utils import init_instance_by_config

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
DATA = os.path.abspath(os.environ["DATA"])
YEARS, EPOCHS, SEEDS = (int(os.environ.get(name, default)) for name, default in (("YEARS", 1), ("EPOCHS", 28), ("SEEDS", 3)))
PARAMS = dict(
    base_model="gbm", loss="mse", num_models=3, enable_sr=True, enable_fs=True, alpha1=1, alpha2=1, bins_sr=10, bins_fs=5, decay=0.5, epochs=EPOCHS,
    sample_ratios=[0.8, 0.7, 0.6, 0.5, 0.4], sub_weights=[1, 1, 1], colsample_bytree=0.8879, learning_rate=0.2, subsample=0.8789, lambda_l1=205.6999,
    lambda_l2=580.9768, max_depth=8, num_leaves=210, num_threads=1, verbosity=-1,
)  # fmt: skip


def dataset_config():
    with open(os.path.join(DATA, "calendars", "day.txt")) as f:
        days = f.read().split()
    first = len(days) - (3 + YEARS) * 252
    parts = [first, first + 252 * YEARS, first + 252 * YEARS + 126, first + 252 * (YEARS + 2)]
    segments = {name: [days[a], days[b - 1]] for name, a, b in zip(("train", "valid", "test"), parts, parts[1:])}
    handler = dict(instruments="all", start_time=days[first], end_time=segments["test"][1], fit_start_time=days[first], fit_end_time=segments["train"][1])
    return {
        "class": "DatasetH",
        "module_path": "qlib.data.dataset",
        "kwargs": {"handler": {"class": "Alpha158", "module_path": "qlib.contrib.data.handler", "kwargs": handler}, "segments": segments},
    }


def ours(dataset, params, folder):
    """Predictions of our run, and how long its fit took."""
    os.makedirs(folder)
    model = {"class": "DEnsembleModel", "module_path": "qlib.contrib.model.double_ensemble", "kwargs": params}
    record = {"class": "SignalRecord", "module_path": "qlib.workflow.record_temp", "kwargs": {"model": "<MODEL>", "dataset": "<DATASET>"}}
    config = {"qlib_init": {"provider_uri": DATA, "region": "us"}, "task": {"model": model, "dataset": dataset, "record": [record]}}
    with open(f"{folder}/config.yaml", "w") as f:
        json.dump(config, f)
    subprocess.run(["node", f"{ROOT}/runner/bin/qrun.mjs", "config.yaml"], cwd=folder, check=True, stdout=subprocess.PIPE)
    (run,) = glob.glob(f"{folder}/mlruns/*/*/artifacts")
    with open(f"{run}/stages.json") as f:
        stages = json.load(f)["stages"]
    return pd.read_pickle(f"{run}/pred.pkl")["score"].sort_index(), next(s["seconds"] for s in stages if s["stage"] == "fit")


if __name__ == "__main__":
    folder = tempfile.mkdtemp(prefix="double-ensemble-")
    config = dataset_config()
    qlib.init(provider_uri=DATA, region="us")
    dataset = init_instance_by_config(config)
    label = dataset.prepare("test", col_set="label", data_key="raw").iloc[:, 0]
    rows = len(dataset.prepare("train", col_set="label", data_key="learn"))
    print(f"{rows} rows to learn from, {len(label)} to predict, {EPOCHS} rounds a sub-model", flush=True)
    worst = 0.0
    for seed in range(SEEDS):
        params = {**PARAMS, "seed": seed}
        np.random.seed(seed)
        start = time.time()
        model = DEnsembleModel(**params)
        model.fit(dataset)
        took = time.time() - start
        theirs = model.predict(dataset).sort_index()
        own, own_took = ours(config, params, f"{folder}/{seed}")
        assert own.index.equals(theirs.index), "other rows"
        ics = [calc_ic(pred, label)[0].mean() for pred in (own, theirs)]
        worst = max(worst, abs(ics[0] - ics[1]))
        apart = np.abs(own - theirs).max() / theirs.std()
        print(f"seed {seed}: IC {ics[0]:.6f} of ours, {ics[1]:.6f} of qlib's; predictions {apart:.1e} apart; fit {own_took:.1f} s, {took:.1f} s", flush=True)
    sys.exit(not worst <= 0.002)
