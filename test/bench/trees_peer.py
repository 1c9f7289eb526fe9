"""Trains XGBoost or CatBoost on float32 columns in files: prints seconds and the last training loss as JSON.

usage: trees_peer.py xgb|catboost FOLDER ROWS COLUMNS PARAMS ROUNDS
"""
import json
import sys
import time

import numpy as np

library, folder, rows, columns, params, rounds = sys.argv[1:7]
rows, columns, rounds, params = int(rows), int(columns), int(rounds), json.loads(params)
X = np.fromfile(f"{folder}/X.f32", np.float32).reshape(columns, rows).T
y = np.fromfile(f"{folder}/y.f32", np.float32)
begin = time.time()
if library == "xgb":
    import xgboost as xgb

    data, evals = xgb.DMatrix(X, label=y, nthread=2), {}
    xgb.train(params, data, rounds, evals=[(data, "train")], evals_result=evals, verbose_eval=False)
    loss = list(evals["train"].values())[0][-1]
else:
    from catboost import CatBoost, Pool

    model = CatBoost(dict(params, iterations=rounds, verbose=False, allow_writing_files=False))
    model.fit(Pool(X, y, thread_count=2), eval_set=Pool(X[:1000], y[:1000]))
    loss = list(model.get_evals_result()["learn"].values())[0][-1]
times = time.process_time()
print(json.dumps({"seconds": time.time() - begin, "cpu": times, "loss": float(loss)}))
