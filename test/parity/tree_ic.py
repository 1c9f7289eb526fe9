"""IC of our XGBModel and CatBoostModel beside the real libraries on the same made data, three seeds each.

usage: [ROWS=30000] [KIND=catboost] python tree_ic.py   (needs xgboost, catboost, node; made with xgboost 3.2.0, catboost 1.2.10)
Prints the mean IC over seeds of both and the difference, which must be within 0.002.
"""
import json
import os
import subprocess
import sys
import tempfile
import time

import numpy as np

HERE = os.path.dirname(os.path.abspath(__file__))
FEATURES, ROWS = 20, int(os.environ.get("ROWS", 30000))
folder = tempfile.mkdtemp()
rng = np.random.RandomState(7)


def make(rows):
    X = rng.randn(rows, FEATURES).astype(np.float32)
    signal = X[:, 0] * X[:, 1] + np.sin(2 * X[:, 2]) + 0.5 * X[:, 3:8].sum(1) + np.maximum(X[:, 8], 0) * X[:, 9]
    y = (signal + 3 * rng.randn(rows)).astype(np.float32)
    X[rng.rand(rows, FEATURES) < 0.02] = np.nan
    return X, y


sets = {name: make(ROWS if name == "train" else ROWS // 2) for name in ("train", "valid", "test")}
for name, (X, y) in sets.items():
    X.T.copy().tofile(f"{folder}/X_{name}.f32")
    y.tofile(f"{folder}/y_{name}.f32")

xgb_base = dict(eval_metric="rmse", colsample_bytree=0.8879, eta=0.0421, max_depth=8, subsample=0.8789, nthread=1)
lossguide = dict(learning_rate=0.0421, subsample=0.8789, max_depth=6, num_leaves=100, grow_policy="Lossguide")
kinds = {
    "xgboost": ("xgboost", xgb_base),
    "xgboost_all": ("xgboost", {**xgb_base, "subsample": 1, "colsample_bytree": 1}),
    "catboost_benchmark": ("catboost", {**lossguide, "bootstrap_type": "Bernoulli"}),
    "catboost_default": ("catboost", {}),
    "catboost_bayesian": ("catboost", dict(learning_rate=0.1, bootstrap_type="Bayesian", max_depth=4)),
}
kinds = {k: v for k, v in kinds.items() if k.startswith(os.environ.get("KIND", ""))}
runs = []
for kind, (library, params) in kinds.items():
    for seed in range(3):
        key = "seed" if library == "xgboost" else "random_seed"
        runs.append(dict(name=f"{kind}.{seed}", library=library, params={**params, key: seed}, rounds=300, stop=50))
with open(f"{folder}/runs.json", "w") as f:
    json.dump({"features": FEATURES, "runs": runs}, f)


def real(run):
    (X, y), (Xv, yv), (Xt, _) = sets["train"], sets["valid"], sets["test"]
    if run["library"] == "xgboost":
        import xgboost as xgb

        d, v = xgb.DMatrix(X, label=y), xgb.DMatrix(Xv, label=yv)
        evals = [(d, "train"), (v, "valid")]
        model = xgb.train(run["params"], d, run["rounds"], evals=evals, early_stopping_rounds=50, verbose_eval=False)
        return model.predict(xgb.DMatrix(Xt)), model.num_boosted_rounds()
    from catboost import CatBoost, Pool

    params = dict(run["params"], loss_function="RMSE", iterations=run["rounds"], early_stopping_rounds=50)
    model = CatBoost(dict(params, verbose=False, thread_count=1, allow_writing_files=False))
    model.fit(Pool(X, y), eval_set=Pool(Xv, yv), use_best_model=True)
    return model.predict(Xt), model.tree_count_


subprocess.run(["node", f"{HERE}/tree_ic.mjs", folder], check=True)
label = sets["test"][1]
ic = lambda p: np.corrcoef(p, label)[0, 1]
worst = 0.0
for kind in kinds:
    ours, theirs = [], []
    for run in (r for r in runs if r["name"].startswith(kind + ".")):
        start = time.time()
        pred, trees = real(run)
        theirs.append(ic(pred))
        ours.append(ic(np.fromfile(f"{folder}/{run['name']}.f64")))
        print(f"{run['name']}: real {theirs[-1]:.5f} ({trees} trees, {time.time() - start:.1f} s), ours {ours[-1]:.5f}")
    difference = np.mean(ours) - np.mean(theirs)
    worst = max(worst, abs(difference))
    print(f"{kind}: real {np.mean(theirs):.5f} ours {np.mean(ours):.5f} difference {difference:+.5f}", flush=True)
sys.exit(worst > 0.002)
