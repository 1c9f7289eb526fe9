"""Golden results of qlib's data layer, handlers, processors and models, made by qlib itself."""
import copy
import os

import numpy as np
import pandas as pd

from golden_files import DataFiles, write_text_gz

LINEAR = {
    "infer_processors": [
        {"class": "RobustZScoreNorm", "kwargs": {"fields_group": "feature", "clip_outlier": True}},
        {"class": "Fillna", "kwargs": {"fields_group": "feature"}},
    ],
    "learn_processors": [{"class": "DropnaLabel"}, {"class": "CSRankNorm", "kwargs": {"fields_group": "label"}}],
}


def failure(error):
    return {"error": type(error).__name__, "message": str(error)}


# ------------------------------------------------------------------------------------------ expressions
OWN = """
$open|$close|$high|$low|$volume|$vwap|$factor|$change|$CLOSE
Ref($close, 1)|Ref($close, 60)|Ref($close, -1)|Ref($close, -2)/Ref($close, -1) - 1|Ref($close, 0)|Ref(Ref($close, -2), 3)
Mean($close, 5)|Mean($volume, 20)|Mean($close, 0)|Mean($vwap, 5)|Sum($volume, 5)|Std($close, 5)|Std($close, 60)|Std($close, 1)|Var($volume, 10)
Skew($close, 20)|Kurt($close, 20)|Max($high, 5)|Min($low, 20)|Max($high, 0)|Med($close, 6)|IdxMax($high, 20)|IdxMin($low, 5)|IdxMax($volume*0, 4)
Quantile($close, 5, 0.8)|Quantile($close, 20, 0.2)|Rank($close, 5)|Rank($close, 60)|Rank(Sign($close-Ref($close,1)), 8)
Mad($close, 5)|Count($close, 5)|Count($close>Ref($close,1), 10)|Delta($close, 1)|Delta($close, 10)
Slope($close, 5)|Slope($close, 20)|Rsquare($close, 5)|Rsquare($close, 20)|Rsquare($close*0+1, 5)|Resi($close, 5)|Resi($close, 20)
WMA($close, 5)|EMA($close, 5)|EMA($close, 0.1)|EMA($close, 0)|Mean($close, 0.3)
Corr($close, $volume, 10)|Corr($close, Log($volume+1), 20)|Corr($close/Ref($close,1), Log($volume/Ref($volume,1)+1), 5)|Corr($close*0, $volume, 5)
Cov($close, $volume, 10)|Cov($close, Ref($close, 1), 20)
Abs($change)|Sign($change)|Log($close)|Log($change)|Not($close>$open)|Add($close, 1)|Sub(10, $close)|Mul(0.5, $close)|Div(1, $close)|Power($close, 2)
$close+1|1-$close|2*$close|$close/3|3/$close|$close**2|$close/($close-$close)|$close/0|$volume/($volume+1e-12)|($high-$low)/($high-$low+1e-12)
Greater($open, $close)|Less($change, 0)|Gt($close, $open)|$close>=$open|$close<$open|$close==$open|$close!=Ref($close, 1)
And($close>$open, $volume>Ref($volume,1))|($close>$open)|($volume>Ref($volume,1))&($close>$open)|Or($close>$open, $change>0)
If($close>$open, $close, $open)|If($close>Ref($close,1), Ref($close,2), 0)
Mean(Mean($close, 5), 5)|Std(Delta($close, 1), 10)|Ref(Mean($close, 5), 3)|Mean(Ref($close, -3), 5)|EMA(EMA($close, 12), 9)
Sum(Greater($close-Ref($close, 1), 0), 5)/(Sum(Abs($close-Ref($close, 1)), 5)+1e-12)
Std(Abs($close/Ref($close, 1)-1)*$volume, 5)/(Mean(Abs($close/Ref($close, 1)-1)*$volume, 5)+1e-12)
Mean($close>Ref($close, 1), 5)-Mean($close<Ref($close, 1), 5)|Rank(Corr($close, $volume, 10), 5)|Slope(Rsquare($close, 5), 5)
"""


def make_ops(out, instruments, windows, reference):
    from qlib.data import D
    from qlib.data.data import ExpressionD

    files = DataFiles(out)
    own = [x.strip() for line in OWN.strip().splitlines() for x in line.split("|")]
    other = [f"ChangeInstrument('{reference}', $close)", f"$close/ChangeInstrument('{reference}', Mean($close, 5))", f"Mask($close, '{reference}')"]
    table = [("own", x) for x in own] + [("ref", x) for x in other]
    expressions = []
    for k, (group, text) in enumerate(table):
        tree = ExpressionD.get_expression_instance(text)
        expressions.append({
            "id": f"e{k:03d}", "group": group, "expr": text, "str": str(tree), "ext_window": list(tree.get_extended_window_size()),
            "longest_back": tree.get_longest_back_rolling(), "errors": [],
        })
    files.json("expressions.json", expressions)
    described = {}
    for name, (start, end) in windows.items():
        present = [i for i in instruments if len(D.features([i], ["$close"], start, end))]
        described[name] = {"start": start, "end": end, "instruments": present, "tables": {}}
        for group, prefix in (("own", "values"), ("ref", "ref")):
            rows = [e for e in expressions if e["group"] == group]
            df = D.features(present, [e["expr"] for e in rows], start, end, freq="day")
            df.columns = [e["id"] for e in rows]
            df = df.swaplevel().sort_index()
            note = files.table(f"{prefix}_{name}.csv.gz", df)
            note["rows_per_instrument"] = df.groupby(level="instrument").size().to_dict()
            described[name]["tables"][group] = note
    files.json("windows.json", described)


# ------------------------------------------------------------------------------------------ handlers
def make_handlers(out, instruments, sample, windows, start, end, fit_end):
    import qlib.contrib.data.handler as handlers
    from qlib.contrib.data.loader import Alpha158DL, Alpha360DL

    files = DataFiles(out)
    price = {"kbar": {}, "price": {"windows": [0], "feature": ["OPEN", "HIGH", "LOW", "VWAP"]}, "rolling": {}}
    for name, (fields, names), kind in (
        ("alpha158", Alpha158DL.get_feature_config(price), handlers.Alpha158),
        ("alpha360", Alpha360DL.get_feature_config(), handlers.Alpha360),
    ):
        files.json(f"{name}_features.json", {
            "count": len(names),
            "features": [{"name": n, "expr": f} for f, n in zip(fields, names)],
            "label": [{"name": n, "expr": f} for f, n in zip(*kind.get_label_config(None))],
        })
    base = {"instruments": instruments, "start_time": start, "end_time": end, "fit_start_time": start, "fit_end_time": fit_end}
    day = pd.Timestamp(list(windows.values())[-1][1])
    note = {"base_kwargs": base, "cross_day": day, "sample": sample, "windows": windows, "configs": {}}
    for config, (kind, extra) in {"a158": ("Alpha158", {}), "a158lin": ("Alpha158", LINEAR), "a360": ("Alpha360", {})}.items():
        handler = getattr(handlers, kind)(**base, **copy.deepcopy(extra))
        own = {"class": kind, "extra_kwargs": extra, "processors": {}, "tables": [], "shapes": {}}
        for key in ("raw", "infer", "learn"):
            df = handler.fetch(col_set="__raw", data_key=key)
            own["shapes"][key] = {"shape": df.shape, "first": df.index[0], "last": df.index[-1], "index": list(df.index.names)}
            for window, (first, last) in windows.items():
                part = df.loc[pd.IndexSlice[first:last, :], :]
                part = part[part.index.get_level_values("instrument").isin(sample)]
                own["tables"].append(files.table(f"{config}.{key}.{window}.csv.gz", part))
            own["tables"].append(files.table(f"{config}.{key}.day.csv.gz", df.loc[pd.IndexSlice[day:day, :], :]))
        fitted = [
            {"where": where, "class": type(p).__name__, "columns": [list(c) for c in p.cols], "dtype": str(p.mean_train.dtype),
             "mean_train": p.mean_train, "std_train": p.std_train}
            for where in ("infer_processors", "learn_processors") for p in getattr(handler, where) if hasattr(p, "mean_train")
        ]
        if fitted:
            files.json(f"{config}.fitted.json", fitted)
        note["configs"][config] = own
    files.json("configs.json", note)


# ------------------------------------------------------------------------------------------ processors
FIELDS = {
    "KMID": "($close-$open)/$open", "KLEN": "($high-$low)/$open", "ROC5": "Ref($close, 5)/$close", "STD5": "Std($close, 5)/$close",
    "RSQR5": "Rsquare($close, 5)", "RANK5": "Rank($close, 5)", "VMA5": "Mean($volume, 5)/($volume+1e-12)", "VWAP0": "$vwap/$close",
}
LABEL = {"LABEL0": "Ref($close, -2)/Ref($close, -1) - 1"}


def processor_input(instruments, start, end):
    from qlib.data import D

    def load(fields):
        df = D.features(instruments, list(fields.values()), start, end)
        return df.set_axis(list(fields), axis=1).swaplevel().sort_index()

    features, label = load(FIELDS), load(LABEL)
    features["CONST"] = np.float32(7.5)
    features["TIES"] = np.round(features["RANK5"] * 3).astype(np.float32)
    features["ALLNAN"] = np.float32(np.nan)
    for k, (column, value) in enumerate([("KMID", np.nan), ("KMID", np.inf), ("KLEN", -np.inf), ("ROC5", np.inf), ("VMA5", np.nan), ("TIES", np.nan)]):
        features.iloc[5 * k + 2 :: 23, features.columns.get_loc(column)] = value
    days = features.index.get_level_values(0)
    features.loc[days == days.unique()[2], "KMID"] = np.nan
    features.loc[days == days.unique()[3], "VMA5"] = np.float32(1)
    label.loc[days == days.unique()[4], "LABEL0"] = np.nan
    label.iloc[5, 0] = np.nan
    return pd.concat({"feature": features, "label": label}, axis=1)


def make_processors(out, instruments, start, end):
    import qlib.data.dataset.processor as processors

    files = DataFiles(out)
    frame = processor_input(instruments, start, end)
    frames = {"32": frame, "64": frame.astype(float)}
    notes = {f"float{k}": files.table(f"input{k}.csv.gz", df) for k, df in frames.items()}
    files.json("input.json", {"expressions": {**FIELDS, **LABEL}, **notes})
    days = frame.index.get_level_values(0).unique()
    half = {"fit_start_time": str(days[0].date()), "fit_end_time": str(days[len(days) // 2].date())}
    group = {"fields_group": "feature"}
    table = [
        ("DropnaProcessor_label", "DropnaProcessor", {"fields_group": "label"}),
        ("DropnaLabel", "DropnaLabel", {}),
        ("DropCol", "DropCol", {"col_list": ["KMID", "ALLNAN", "NOSUCH"]}),
        ("FilterCol", "FilterCol", {**group, "col_list": ["KMID", "ROC5"]}),
        ("TanhProcess", "TanhProcess", {}),
        ("ProcessInf", "ProcessInf", {}),
        ("Fillna_feature", "Fillna", {**group, "fill_value": -1.5}),
        ("MinMaxNorm_half", "MinMaxNorm", {**half, **group}),
        ("ZScoreNorm_half", "ZScoreNorm", {**half, **group}),
        ("RobustZScoreNorm_half", "RobustZScoreNorm", {**half, **group}),
        ("RobustZScoreNorm_noclip_half", "RobustZScoreNorm", {**half, **group, "clip_outlier": False}),
        ("CSZScoreNorm_feature_zscore", "CSZScoreNorm", {**group, "method": "zscore"}),
        ("CSZScoreNorm_label_robust", "CSZScoreNorm", {"fields_group": "label", "method": "robust"}),
        ("CSRankNorm_label", "CSRankNorm", {"fields_group": "label"}),
        ("CSRankNorm_feature", "CSRankNorm", group),
        ("CSZFillna_feature", "CSZFillna", group),
    ]
    cases = []
    for name, kind, kwargs in table:
        for bits, df in frames.items():
            case = f"{name}_{bits}"
            note = {"case": case, "class": kind, "module": processors.__name__, "kwargs": kwargs, "input": f"input{bits}.csv.gz",
                    "dropped_first": None, "single_level_columns": False, "processed_twice": False}
            df = df.copy()
            processor = getattr(processors, kind)(**copy.deepcopy(kwargs))
            before = df.copy()
            processor.fit(df)
            result = processor(df)
            fitted = {}
            for key in ("min_val", "max_val", "mean_train", "std_train", "ignore"):
                if hasattr(processor, key):
                    fitted[key] = getattr(processor, key)
                    fitted[f"{key}.dtype"] = str(fitted[key].dtype)
            if fitted:
                fitted["columns"] = [list(c) for c in processor.cols]
            changed = {".".join(c): str(t) for c, t in result.dtypes.items() if str(t) != f"float{bits}"}
            note.update({"is_for_infer": processor.is_for_infer(), "readonly": processor.readonly(), "fitted": fitted or None,
                         "modifies_its_input": not df.equals(before), "same_object": result is df, "dtypes_after": changed,
                         "output": files.table(f"out_{case}.csv.gz", result), "error": None})
            cases.append(note)
    files.json("cases.json", cases)


# ------------------------------------------------------------------------------------------ models
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
    files.json("linear.json", {"columns": list(train["feature"].columns), "dtypes": {"feature": ["float32"], "label": str(train["label"].dtypes.iloc[0])}, "cases": cases})
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
