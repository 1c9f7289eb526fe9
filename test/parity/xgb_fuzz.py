"""Random parameter sets, objectives and data for XGBoost and for us: trees, figures of each round, and model files both ways.

usage: python xgb_fuzz.py [CASES=40] [SEED=1]   (needs xgboost, node, npm start; made with xgboost 3.2.0, one thread)
Prints what differs: a split of the first trees, a leaf or prediction by more than 1e-5, a gain or figure by more than 1e-6 (relative). Ends with 1 if anything does.
"""
import json
import os
import subprocess
import sys
import tempfile

import numpy as np
import xgboost as xgb

HERE = os.path.dirname(os.path.abspath(__file__))
COUNT, SEED = (int(a) for a in (sys.argv[1:] + ["40", "1"][len(sys.argv) - 1 :])[:2])
rng = np.random.RandomState(SEED)
folder = tempfile.mkdtemp()
METRICS = {"real": ["rmse", "mae", "mape"], "positive": ["rmse", "rmsle", "mae"], "binary": ["auc", "aucpr", "logloss", "error", "error@0.3"]}
METRICS["classes"] = ["mlogloss", "merror"]
METRICS["count"] = ["poisson-nloglik", "gamma-nloglik", "tweedie-nloglik@1.3", "rmse"]
OBJECTIVES = {
    "reg:squarederror": "real", "reg:pseudohubererror": "real", "reg:absoluteerror": "real", "reg:quantileerror": "real",
    "reg:squaredlogerror": "positive", "reg:gamma": "positive", "reg:tweedie": "count", "count:poisson": "count",
    "multi:softmax": "classes", "reg:logistic": "binary", "binary:logistic": "binary", "binary:logitraw": "binary", "binary:hinge": "binary",
}  # fmt: skip
pick = lambda *choices: choices[rng.randint(len(choices))]


def features(rows):
    X = rng.randn(rows, 8).astype(np.float32)
    X[:, 1] = np.round(X[:, 1], 1)
    X[:, 2] = np.round(X[:, 2])
    X[:, 3] = 2.0
    X[:, 4] *= 1e3
    return X


def labels(X, kind):
    z = np.nan_to_num(X[:, 0]) + 0.5 * np.nan_to_num(X[:, 1]) + rng.randn(len(X))
    if kind == "positive":
        return np.exp(0.5 * z).astype(np.float32)
    if kind == "count":
        return rng.poisson(np.exp(0.4 * z)).astype(np.float32)
    if kind == "classes":
        return np.clip(np.round(z), -1, 2).astype(np.float32) + 1
    return (z > 0).astype(np.float32) if kind == "binary" else z.astype(np.float32)


def parameters():
    objective = pick(*OBJECTIVES)
    p = dict(objective=objective, seed=int(rng.randint(1000)), eta=float(pick(0.05, 0.3, 1.0)), max_depth=int(pick(2, 4, 6, 8)))
    extras = dict(
        subsample=0.7, colsample_bytree=0.6, colsample_bylevel=0.7, colsample_bynode=0.8, gamma=0.5, reg_alpha=1.0, reg_lambda=5.0,
        min_child_weight=4.0, max_delta_step=0.4, max_bin=int(pick(4, 16, 64, 300)), base_score=0.4, scale_pos_weight=2.5,
        max_leaves=int(pick(3, 9, 20)), grow_policy="lossguide",
    )  # fmt: skip
    for name in rng.permutation(list(extras))[: rng.randint(6)]:
        p[name] = extras[name]
    if p.get("grow_policy") and rng.rand() < 0.5:
        p.update(max_depth=0, max_leaves=int(pick(4, 12)))
    if objective == "reg:quantileerror":
        p["quantile_alpha"] = float(pick(0.1, 0.5, 0.8))
    if objective == "reg:tweedie" and rng.rand() < 0.5:
        p["tweedie_variance_power"] = 1.2
    kind = OBJECTIVES[objective]
    if kind == "classes":
        p["num_class"] = 4
    if rng.rand() < 0.6 and objective != "reg:quantileerror":
        p["eval_metric"] = [str(m) for m in rng.permutation(METRICS[kind])[: rng.randint(1, 3)]]
    return p, kind


cases = []
for i in range(COUNT):
    params, kind = parameters()
    train, valid = features(int(pick(60, 400, 3000))), features(200)
    y, yv = labels(train, kind), labels(valid, kind)
    if rng.rand() < 0.7:
        for X in (train, valid):
            X[rng.rand(*X.shape) < pick(0.01, 0.3)] = np.nan
    weights = rng.rand() < 0.3
    w, wv = (rng.rand(len(t)).astype(np.float32) + 0.1 for t in (train, valid))
    rounds, stop = int(pick(3, 12)), pick(None, None, 2)
    train.T.copy().tofile(f"{folder}/{i}.X.f32"), y.tofile(f"{folder}/{i}.y.f32"), w.tofile(f"{folder}/{i}.w.f32")
    valid.T.copy().tofile(f"{folder}/{i}.Xv.f32"), yv.tofile(f"{folder}/{i}.yv.f32"), wv.tofile(f"{folder}/{i}.wv.f32")
    d, v = (xgb.DMatrix(a, label=b, weight=c if weights else None) for a, b, c in ((train, y, w), (valid, yv, wv)))
    evals = {}
    fixed = dict(nthread=1, tree_method="hist")
    model = xgb.train(
        {**fixed, **params}, d, rounds, evals=[(d, "train"), (v, "valid")], evals_result=evals, early_stopping_rounds=stop, verbose_eval=False
    )
    model.save_model(f"{folder}/{i}.theirs.json")
    cases.append(dict(params=params, weights=bool(weights), rounds=rounds, stop=stop, features=train.shape[1]))
    cases[-1].update(evals=evals, pred=model.predict(v).tolist(), valid=v)
with open(f"{folder}/cases.json", "w") as f:
    json.dump([{k: v for k, v in case.items() if k not in ("valid", "evals", "pred")} for case in cases], f)
subprocess.run(["node", f"{HERE}/xgb_fuzz.mjs", folder], check=True)

KEYS = ("split_indices", "left_children", "right_children", "default_left")
failed = 0
for i, case in enumerate(cases):
    with open(f"{folder}/{i}.ours.json") as a, open(f"{folder}/{i}.theirs.json") as b, open(f"{folder}/{i}.result.json") as c:
        ours, theirs, result = json.load(a)["learner"], json.load(b)["learner"], json.load(c)
    faults = []
    far = lambda a, b, t: np.max(np.abs(np.asarray(a, float) - np.asarray(b, float)) / (np.abs(np.asarray(b, float)) + 1e-3), initial=0) > t
    own, real = (x["gradient_booster"]["model"]["trees"] for x in (ours, theirs))
    if len(own) != len(real):
        faults.append(f"{len(own)} trees for {len(real)}")
    for t, (x, y) in enumerate(zip(own, real)):
        if any(x[k] != y[k] for k in KEYS) or far(x["split_conditions"], y["split_conditions"], 1e-5) or far(x["loss_changes"], y["loss_changes"], 1e-6):
            faults.append(f"tree {t}")
            break
    for name, metrics in case["evals"].items():
        for metric, values in metrics.items():
            if far(result["evals"].get(f"{name} {metric}", []), values, 1e-6) if len(result["evals"].get(f"{name} {metric}", [])) == len(values) else True:
                faults.append(f"{name} {metric}: {result['evals'].get(f'{name} {metric}', [])[:2]} for {values[:2]}")
    if far(result["pred"], case["pred"], 1e-5):
        faults.append("predictions")
    if far(result["predTheirs"], case["pred"], 1e-5):
        faults.append("our predictions of their file")
    loaded = xgb.Booster()
    loaded.load_model(f"{folder}/{i}.ours.json")
    if far(loaded.predict(case["valid"]), result["pred"], 1e-6):
        faults.append("their predictions of our file")
    if faults:
        failed += 1
        print(i, case["params"], "weights" if case["weights"] else "", "; ".join(faults[:4]))
print(f"{COUNT - failed} of {COUNT} equal")
sys.exit(failed > 0)
