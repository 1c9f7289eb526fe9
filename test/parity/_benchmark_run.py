"""Runs a workflow with real qlib and compares it with a run of ours: python _benchmark_run.py CONFIG FOLDER, where FOLDER holds our mlruns. Writes mlruns into the current
folder. numpy draws from seed 0, as DEnsembleModel of ours does; XGB names the site-packages of xgboost and catboost, if they are elsewhere. The last line is JSON: the figures of
both, and the greatest difference of predictions over their standard deviation.
"""
import glob
import json
import os
import sys

import numpy as np
import pandas as pd

if os.environ.get("XGB"):
    sys.path.append(os.environ["XGB"])
FIGURES = {"IC": "IC", "Rank IC": "Rank IC", "return": "1day.excess_return_with_cost.annualized_return"}


def run_folder(folder):
    """The newest run below a folder that has predictions."""
    found = glob.glob(os.path.join(folder, "mlruns", "*", "*", "artifacts", "pred.pkl"))
    return os.path.dirname(os.path.dirname(max(found, key=os.path.getmtime)))


def figures(run):
    out = {}
    for name, metric in FIGURES.items():
        file = os.path.join(run, "metrics", metric)
        if os.path.exists(file):
            with open(file) as f:
                value = float(f.read().split("\n")[0].split()[1])
            # JSON has no NaN
            out[name] = None if np.isnan(value) else value
    return out


if __name__ == "__main__":
    from qlib.cli.run import workflow

    # modules that the file names lie here
    sys.path.insert(0, os.getcwd())
    np.random.seed(0)
    workflow(sys.argv[1])
    runs = [run_folder(folder) for folder in (sys.argv[2], ".")]
    ours, theirs = (pd.read_pickle(os.path.join(run, "artifacts", "pred.pkl"))["score"].sort_index() for run in runs)
    if not ours.index.equals(theirs.index):
        sys.exit(f"other rows: {len(ours)} of ours, {len(theirs)} of qlib's")
    scale = float(theirs.std()) or 1.0
    apart = float(np.nanmax(np.abs(ours - theirs))) / scale
    print(json.dumps({"ours": figures(runs[0]), "qlib": figures(runs[1]), "apart": apart}))
