"""Our HFSignalTestRecord beside real qlib's HFLGBModel.hf_signal_test, on the demo market.

usage: [DATA=.cache/demo] PEER/bin/python test/parity/hf_signal_test.py   (PEER has qlib and lightgbm; needs node, npm start)
pandas 2 has no `mean(level=0)`, with which qlib takes the mean of a time: it gets what pandas 1.5 made of it. Prints both figures of each model; ends with 1 if they differ by more
than 1e-6.
"""
import contextlib
import glob
import io
import json
import os
import re
import subprocess
import sys
import tempfile

import pandas as pd
import qlib
from qlib.utils import init_instance_by_config

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
DATA = os.path.abspath(os.environ.get("DATA", os.path.join(ROOT, ".cache", "demo")))
NAMES = ["Positive precision", "Negative precision", "Positive average alpha", "Negative average alpha"]
mean = pd.Series.mean
pd.Series.mean = lambda self, *args, level=None, **kwargs: mean(self, *args, **kwargs) if level is None else self.groupby(level=level).mean()


def dataset_config():
    with open(os.path.join(DATA, "calendars", "day.txt")) as f:
        days = f.read().split()[-500:]
    segments = {"train": [days[0], days[249]], "valid": [days[250], days[349]], "test": [days[350], days[-3]]}
    handler = dict(instruments="all", start_time=days[0], end_time=days[-1], infer_processors=[], learn_processors=[{"class": "DropnaLabel"}])
    return {
        "class": "DatasetH",
        "module_path": "qlib.data.dataset",
        "kwargs": {"handler": {"class": "Alpha158", "module_path": "qlib.contrib.data.handler", "kwargs": handler}, "segments": segments},
    }


def ours(dataset, model, threshold, folder):
    os.makedirs(folder)
    record = {"class": "HFSignalTestRecord", "module_path": "qrun", "kwargs": {"threshold": threshold}}
    config = {"qlib_init": {"provider_uri": DATA, "region": "us"}, "task": {"model": model, "dataset": dataset, "record": [record]}}
    with open(f"{folder}/config.yaml", "w") as f:
        json.dump(config, f)
    subprocess.run(["node", f"{ROOT}/runner/bin/qrun.mjs", "config.yaml"], cwd=folder, check=True, stdout=subprocess.PIPE)
    figures = []
    for name in NAMES:
        (file,) = glob.glob(f"{folder}/mlruns/*/*/metrics/{name}")
        with open(file) as f:
            figures.append(float(f.read().split()[1]))
    return figures


def theirs(model, dataset, threshold):
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        model.hf_signal_test(dataset, threshold)
    return [float(x) for x in re.findall(r": (-?[\d.e-]+|nan)", out.getvalue())]


if __name__ == "__main__":
    qlib.init(provider_uri=DATA, region="us")
    config = dataset_config()
    dataset = init_instance_by_config(config)
    folder, failed = tempfile.mkdtemp(prefix="hf-signal-test-"), 0
    for i, (params, threshold) in enumerate(
        [({"loss": "mse"}, 0.2), ({"loss": "binary", "num_leaves": 4, "learning_rate": 0.3}, 0.2), ({"loss": "binary", "max_depth": 2}, 0.35)]
    ):
        config_of_model = {"class": "HFLGBModel", "module_path": "qlib.contrib.model.highfreq_gdbt_model", "kwargs": {**params, "num_threads": 1, "seed": i}}
        model = init_instance_by_config(config_of_model)
        model.fit(dataset)
        real = theirs(model, dataset, threshold)
        own = ours(config, config_of_model, threshold, f"{folder}/{i}")
        apart = max(abs(a - b) for a, b in zip(own, real))
        failed += not (len(real) == len(NAMES) and apart <= 1e-6)
        print(f"{params}, threshold {threshold}: at most {apart:.1e} apart", *(f"{name} {a!r} {b!r}" for name, a, b in zip(NAMES, own, real)), sep="\n  ", flush=True)
    sys.exit(failed > 0)
