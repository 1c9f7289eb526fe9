"""Golden results of qlib's models and of LightGBM itself."""
import copy
import os

import numpy as np
import pandas as pd

from data_goldens import LINEAR, failure
from golden_files import DataFiles, write_bytes_gz, write_text_gz

class NoRecorder:
    """LGBModel.fit logs to the recorder; its results do not depend on it."""

    @staticmethod
    def log_metrics(*_, **__):
        pass


def make_models(out, instruments, segments):
    import lightgbm
    import qlib
    from qlib.contrib.data.handler import Alpha158
    from qlib.contrib.model import gbdt, linear
    from qlib.data.dataset import DatasetH

    gbdt.R = NoRecorder
    files = DataFiles(out)
    (start, fit_end), end = segments["train"], segments["test"][1]
    base = {"instruments": instruments, "start_time": start, "end_time": end, "fit_start_time": start, "fit_end_time": fit_end}
    datasets = {
        "linear": DatasetH(handler=Alpha158(**base, **copy.deepcopy(LINEAR)), segments=segments),
        "lgb": DatasetH(handler=Alpha158(**base), segments=segments),
    }
    shapes = {k: {s: {"learn": d.prepare(s, data_key="learn").shape, "infer": d.prepare(s).shape} for s in segments} for k, d in datasets.items()}
    files.json("setup.json", {"instruments": instruments, "segments": segments, "handler": "Alpha158", "handler_kwargs": base,
                              "linear_processors": LINEAR, "shapes": shapes,
                              "versions": {m.__name__: m.__version__ for m in (qlib, pd, np, lightgbm)}})
    cases, predictions = [], {}
    data = datasets["linear"]
    train = data.prepare("train", col_set=["feature", "label"], data_key="learn").dropna()
    for name, kwargs in {
        "nnls": {"estimator": "nnls"},
        "ridge_1": {"estimator": "ridge", "alpha": 1.0},
        "ridge_1e4_intercept": {"estimator": "ridge", "alpha": 1e4, "fit_intercept": True},
        "lasso_1e-2": {"estimator": "lasso", "alpha": 1e-2},
        "bad_estimator": {"estimator": "nosuch"},
    }.items():
        case = {"case": name, "kwargs": kwargs}
        try:
            model = linear.LinearModel(**kwargs)
            model.fit(data)
            predictions[name] = model.predict(data)
            fitted = train["feature"].values @ model.coef_ + model.intercept_
            case.update({"error": None, "n_rows": len(train), "coef_dtype": str(model.coef_.dtype), "coef": model.coef_,
                         "intercept": model.intercept_, "n_zero": int((model.coef_ == 0).sum()),
                         "train_mse": float(np.mean((np.asarray(fitted, dtype=float) - train["label"].values.squeeze()) ** 2)),
                         "pred_dtype": str(predictions[name].dtype)})
        except Exception as error:  # pylint: disable=broad-except
            case.update(failure(error))
        cases.append(case)
    files.json("linear.json", {"columns": list(train["feature"].columns), "dtypes": {"feature": ["float32"], "label": str(train["label"].dtypes.iloc[0])},
                               "singular_values_float64": np.linalg.svd(train["feature"].to_numpy(dtype=float), compute_uv=False), "cases": cases})
    files.table("linear_pred.csv.gz", pd.DataFrame(predictions))

    kwargs = {"loss": "mse", "learning_rate": 0.1, "num_leaves": 15, "deterministic": True, "force_row_wise": True, "num_threads": 1,
              "num_boost_round": 15, "early_stopping_rounds": 10}
    evals = {}
    model = gbdt.LGBModel(**kwargs)
    given = dict(model.params)
    model.fit(datasets["lgb"], evals_result=evals, verbose_eval=0)
    booster = model.model
    files.json("lgb_simple.json", {"case": "simple", "kwargs": kwargs, "fit_kwargs": {}, "params_given_to_lightgbm": given, "evals": evals,
                                   "best_iteration": booster.best_iteration, "num_trees": booster.num_trees(),
                                   "importance_split": booster.feature_importance("split"), "importance_gain": booster.feature_importance("gain"),
                                   "n_train": shapes["lgb"]["train"]["learn"][0]})
    write_text_gz(os.path.join(out, "lgb_simple.model.txt.gz"), booster.model_to_string(num_iteration=-1))
    files.table("lgb_pred.csv.gz", pd.DataFrame({"simple": model.predict(datasets["lgb"])}))
    try:
        gbdt.LGBModel(loss="mae")
    except Exception as error:  # pylint: disable=broad-except
        files.json("lgb_errors.json", [{"call": "LGBModel(loss='mae')", **failure(error)}])
    make_matrix(f"{out}/matrix", datasets["lgb"])
    make_tiny(f"{out}/tiny", datasets["lgb"])


STEADY = {"verbosity": -1, "deterministic": True, "force_row_wise": True, "num_threads": 1}


def make_matrix(out, dataset):
    """LightGBM on stored matrices, no qlib in between."""
    import lightgbm

    files = DataFiles(out)
    matrices = {}
    for segment, rows in (("train", 1000), ("valid", 250), ("test", 200)):
        df = dataset.prepare(segment, col_set=["feature", "label"], data_key="learn")
        df = df.iloc[np.linspace(0, len(df) - 1, rows).astype(int)]
        columns = list(df["feature"].columns[::16])
        x = np.ascontiguousarray(df["feature"][columns].to_numpy(dtype="<f4"))
        y = np.ascontiguousarray(df["label"].iloc[:, 0].to_numpy(dtype="<f4"))
        matrices[segment] = x, y
        write_bytes_gz(f"{out}/X_{segment}.f32.gz", x.tobytes())
        write_bytes_gz(f"{out}/y_{segment}.f32.gz", y.tobytes())
    small = {"learning_rate": 0.1, "num_leaves": 15, **STEADY}
    cases = []
    for name, params in {
        "full_simple": {"objective": "mse", **small},
        "l1l2_depth": {"objective": "mse", **small, "max_depth": 4, "lambda_l1": 2.0, "lambda_l2": 10.0, "min_data_in_leaf": 50},
        "maxbin15": {"objective": "mse", **small, "max_bin": 15},
        "subsample": {"objective": "mse", **small, "bagging_fraction": 0.7, "bagging_freq": 1, "bagging_seed": 3},
        "colsample": {"objective": "mse", **small, "feature_fraction": 0.6},
        "binary": {"objective": "binary", **small},
    }.items():
        is_binary = params["objective"] == "binary"
        labels = {k: (y > 0).astype(np.float32) if is_binary else y for k, (_, y) in matrices.items()}
        train, valid = (lightgbm.Dataset(matrices[k][0], label=labels[k]) for k in ("train", "valid"))
        full = name.startswith("full_")
        evals = {}
        callbacks = [lightgbm.record_evaluation(evals)] if full else [lightgbm.early_stopping(8, verbose=False), lightgbm.record_evaluation(evals)]
        booster = lightgbm.train(params, train, num_boost_round=12, valid_sets=[train, valid], valid_names=["train", "valid"], callbacks=callbacks)
        prediction = booster.predict(matrices["test"][0])
        write_text_gz(f"{out}/{name}.model.txt.gz", booster.model_to_string(num_iteration=-1))
        write_bytes_gz(f"{out}/{name}.pred.f64.gz", prediction.astype("<f8").tobytes())
        cases.append({"case": name, "params": params, "num_boost_round": 12, "early_stopping_rounds": None if full else 8, "evals": evals,
                      "best_iteration": booster.best_iteration, "num_trees": booster.num_trees(), "label": "y > 0" if is_binary else "y"})
    files.json("matrix.json", {"columns": columns, "shapes": {k: x.shape for k, (x, _) in matrices.items()}, "cases": cases})


def make_tiny(out, dataset):
    """200 rows of four columns with NaN, zeros and few values."""
    import lightgbm

    df = dataset.prepare("train", col_set=["feature", "label"], data_key="learn")
    df = df.iloc[np.linspace(0, len(df) - 1, 200).astype(int)]
    x = df["feature"].iloc[:, [0, 20, 60, 90]].to_numpy(dtype=np.float32, copy=True)
    y = df["label"].iloc[:, 0].to_numpy(dtype=np.float32)
    x[::7, 1] = np.nan
    x[::5, 2] = 0.0
    x[:, 3] = np.round(x[:, 3] * 20)
    cases = []
    for name, params in {
        "one_split": {"num_leaves": 2, "learning_rate": 1.0, "min_data_in_leaf": 5},
        "default": {},
        "reg": {"num_leaves": 6, "lambda_l1": 0.5, "lambda_l2": 1.0, "min_data_in_leaf": 3},
        "depth2": {"num_leaves": 31, "max_depth": 2, "min_data_in_leaf": 3},
        "no_boost_from_average": {"num_leaves": 4, "boost_from_average": False, "min_data_in_leaf": 5},
    }.items():
        params = {"objective": "mse", **STEADY, **params}
        evals = {}
        train = lightgbm.Dataset(x, label=y)
        booster = lightgbm.train(params, train, num_boost_round=1 if name == "one_split" else 3, valid_sets=[train], valid_names=["train"],
                                 callbacks=[lightgbm.record_evaluation(evals)])
        cases.append({"case": name, "params": params, "rounds": booster.num_trees(), "evals": evals,
                      "model_txt": booster.model_to_string(), "pred": booster.predict(x)})
    DataFiles(out).json("tiny.json", {"X": x, "y": y, "cases": cases})
