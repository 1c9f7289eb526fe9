"""Trains LightGBM on float32 columns in files: prints seconds and the last training loss as JSON.

usage: gbdt_peer.py FOLDER ROWS COLUMNS PARAMS ROUNDS QUERY   (rows a query, 0: none)
"""
import json
import sys
import time

import lightgbm as lgb
import numpy as np

folder, rows, columns, params, rounds, query = sys.argv[1:7]
# column-major, as the values of a pandas frame lie: nothing is copied on the way to LightGBM
X = np.fromfile(f"{folder}/X.f32", np.float32).reshape(int(columns), int(rows)).T
y = np.fromfile(f"{folder}/y.f32", np.float32)
begin = time.time()
sizes = [min(int(query), len(y) - at) for at in range(0, len(y), int(query))] if int(query) else None
params = json.loads(params)
categories = params.pop("categorical_feature", "auto")
data = lgb.Dataset(X, label=y, group=sizes, categorical_feature=categories)
evals = {}
lgb.train(
    params,
    data,
    int(rounds),
    valid_sets=[data],
    valid_names=["train"],
    callbacks=[lgb.record_evaluation(evals)],
)
print(json.dumps({"seconds": time.time() - begin, "loss": list(evals["train"].values())[0][-1]}))
