"""IC of our XGBModel and CatBoostModel beside the real libraries on the same data, three seeds each.

usage: [DATA=FOLDER [EVERY=5]] [ROWS=30000] [KIND=catboost] [ROUNDS=300] python tree_ic.py   (needs xgboost, catboost, node, npm start; made with
xgboost 3.2.0, catboost 1.2.10). DATA is a qlib folder of daily prices: Alpha158 of its stocks, every EVERY-th day, parted 7 : 2 : 3 by days, the label normalised by
day; without it the data is made up. Prints the mean daily IC of both for each seed and the greatest difference of predictions, and the mean over seeds, which must
agree within 0.002.
"""
import json
import os
import subprocess
import sys
import tempfile
import time

import numpy as np

HERE = os.path.dirname(os.path.abspath(__file__))
ROWS, ROUNDS, EVERY = (int(os.environ.get(k, v)) for k, v in (("ROWS", 30000), ("ROUNDS", 300), ("EVERY", 5)))
folder = tempfile.mkdtemp()
rng = np.random.RandomState(7)


def made(rows):
    X = rng.randn(rows, 20).astype(np.float32)
    signal = X[:, 0] * X[:, 1] + np.sin(2 * X[:, 2]) + 0.5 * X[:, 3:8].sum(1) + np.maximum(X[:, 8], 0) * X[:, 9]
    y = (signal + 3 * rng.randn(rows)).astype(np.float32)
    X[rng.rand(rows, 20) < 0.02] = np.nan
    return X, y, np.zeros(rows)


def read(data):
    with open(os.path.join(data, "calendars", "day.txt")) as f:
        days = f.read().split()
    command = ["node", os.path.join(HERE, "tree_ic.mjs"), "alpha158", data, days[0], days[-1], folder]
    subprocess.run(command, check=True)
    y, t = np.fromfile(f"{folder}/y.f32", np.float32), np.fromfile(f"{folder}/t.f64")
    X = np.fromfile(f"{folder}/X.f32", np.float32).reshape(-1, len(y)).T
    _, day = np.unique(t, return_inverse=True)
    keep = ~np.isnan(y) & (day % EVERY == 0)
    X, y, t = np.ascontiguousarray(X[keep]), y[keep].astype(float), t[keep]
    _, day = np.unique(t, return_inverse=True)
    mean = np.bincount(day, y) / np.bincount(day)
    std = np.sqrt(np.bincount(day, (y - mean[day]) ** 2) / np.maximum(np.bincount(day) - 1, 1))
    y = np.nan_to_num((y - mean[day]) / np.where(std > 0, std, np.nan)[day]).astype(np.float32)
    borders = np.array([7, 9]) * (day.max() + 1) // 12
    parts = [day < borders[0], (day >= borders[0]) & (day < borders[1]), day >= borders[1]]
    return {name: (X[p], y[p], t[p]) for name, p in zip(("train", "valid", "test"), parts)}


data = os.environ.get("DATA")
sets = read(data) if data else {n: made(ROWS if n == "train" else ROWS // 2) for n in ("train", "valid", "test")}
for name, (X, y, _) in sets.items():
    X.T.copy().tofile(f"{folder}/X_{name}.f32")
    y.tofile(f"{folder}/y_{name}.f32")
print({name: X.shape for name, (X, _, _) in sets.items()}, flush=True)

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
        runs.append(dict(name=f"{kind}.{seed}", library=library, params={**params, key: seed}, rounds=ROUNDS, stop=50))
with open(f"{folder}/runs.json", "w") as f:
    json.dump({"features": sets["train"][0].shape[1], "runs": runs}, f)


def real(run):
    (X, y, _), (Xv, yv, _), (Xt, _, _) = sets["train"], sets["valid"], sets["test"]
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


subprocess.run(["node", f"{HERE}/tree_ic.mjs", "train", folder], check=True)
_, label, t = sets["test"]
days = [np.flatnonzero(t == day) for day in np.unique(t)]
ic = lambda p: np.nanmean([np.corrcoef(p[rows], label[rows])[0, 1] for rows in days if len(rows) > 2])
worst = 0.0
for kind in kinds:
    ours, theirs = [], []
    for run in (r for r in runs if r["name"].startswith(kind + ".")):
        start = time.time()
        pred, trees = real(run)
        own = np.fromfile(f"{folder}/{run['name']}.f64")
        theirs.append(ic(pred))
        ours.append(ic(own))
        seconds, apart = time.time() - start, np.abs(own - pred).max()
        print(f"{run['name']}: real {theirs[-1]:.6f} ({trees} trees, {seconds:.1f} s), ours {ours[-1]:.6f}, predictions at most {apart:.1e} apart")
    difference = np.mean(ours) - np.mean(theirs)
    worst = max(worst, abs(difference))
    print(f"{kind}: real {np.mean(theirs):.6f} ours {np.mean(ours):.6f} difference {difference:+.6f}", flush=True)
sys.exit(worst > 0.002)
