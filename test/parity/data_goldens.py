"""Golden results of qlib's expressions, handlers and processors, made by qlib itself."""
import copy
import inspect
import os

import numpy as np
import pandas as pd

from golden_files import DataFiles

LINEAR = {
    "infer_processors": [
        {"class": "RobustZScoreNorm", "kwargs": {"fields_group": "feature", "clip_outlier": True}},
        {"class": "Fillna", "kwargs": {"fields_group": "feature"}},
    ],
    "learn_processors": [{"class": "DropnaLabel"}, {"class": "CSRankNorm", "kwargs": {"fields_group": "label"}}],
}


def failure(error):
    return {"error": type(error).__name__, "message": str(error)}


def attempt(call):
    """What `call` returns, and the error that it raises instead."""
    try:
        return call(), None
    except Exception as error:  # pylint: disable=broad-except
        return None, failure(error)


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


BAD = """
|$close +|Mean($close, 5|close|$close $open|Foo($close, 5)|mean($close, 5)|Mean($close)|Mean($close, 5, 6)|Ref($close)|Quantile($close, 5)
Skew($close, 2)|Kurt($close, 3)|Mean($close, -5)|Mean($close, 2.5)|Ref($close, 1.5)|Corr($close, 5, 5)|Mean(5, 5)|Abs(5)|$nosuch
Mean($close, 5)+Max($high, 3)|__import__('os')|$close.values|[$close]
"""


def make_bad_expressions(files, instrument, start, end):
    from qlib.data import D
    from qlib.data.data import ExpressionD

    records = []
    for text in [x.strip() for line in BAD.strip().splitlines() for x in line.split("|")]:
        df, error = attempt(lambda text=text: D.features([instrument], [text], start, end))
        if error is None:
            values = df.iloc[:, 0]
            error = {"error": None, "rows": len(values), "dtype": str(values.dtype), "value_first3": list(values.values[:3]),
                     "value_last": values.values[-1] if len(values) else None, "parsed_as": str(ExpressionD.get_expression_instance(text))}
        records.append({"expr": text, **error})
    files.json("errors.json", records)


def make_quirks(files, instrument, start, end):
    """Values that hang on the first day asked for."""
    from qlib.data import D

    days = D.calendar(start, end)
    later = str(days[len(days) // 2].date())
    quirks = []
    for text in ("EMA($close, 20)", "Mean($close, 0)", "Rank($close, 0)", "Mean($close, 20)"):
        values = [D.features([instrument], [text], first, end).loc[(instrument, pd.Timestamp(later)), text] for first in (start, later)]
        quirks.append({"what": "value on one day, asked with two different start times", "expr": text, "day": later,
                       f"start={start}": values[0], f"start={later}": values[1]})
    files.json("quirks.json", quirks)


def make_ops(out, instruments, windows, reference):
    from qlib.data import D, ops
    from qlib.data.data import ExpressionD
    from qlib.data.pit import P, PRef

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
    files.json("operators.json", [
        {"name": kind.__name__, "arguments": [n for n in inspect.signature(kind.__init__).parameters if n != "self"]}
        for kind in ops.OpsList + [P, PRef]
    ])
    make_bad_expressions(files, instruments[0], *windows["main"])
    make_quirks(files, instruments[0], *windows["main"])
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
            "label_of_vwap_variant": [{"name": n, "expr": f} for f, n in zip(*handlers.Alpha158vwap.get_label_config(None))],
        })
    variants = {
        "default argument": None,
        "price windows 0..4, all fields": {"price": {}},
        "volume windows [0,3]": {"volume": {"windows": [0, 3]}},
        "rolling include": {"rolling": {"windows": [3], "include": ["ROC", "MA", "LOW", "CORD"]}},
        "rolling exclude": {"rolling": {"windows": [5, 10], "exclude": ["RANK", "QTLU", "QTLD", "STD"]}},
        "empty": {},
    }
    files.json("alpha158_config_variants.json", {
        key: {"config": config, "features": [{"name": n, "expr": f} for f, n in zip(*(Alpha158DL.get_feature_config(config) if config is not None else Alpha158DL.get_feature_config()))]}
        for key, config in variants.items()
    })
    base = {"instruments": instruments, "start_time": start, "end_time": end, "fit_start_time": start, "fit_end_time": fit_end}
    day = pd.Timestamp(list(windows.values())[-1][1])
    note = {"base_kwargs": base, "cross_day": day, "sample": sample, "windows": windows, "configs": {}}
    labels = []
    for config, (kind, extra) in {"a158": ("Alpha158", {}), "a158lin": ("Alpha158", LINEAR), "a360": ("Alpha360", {})}.items():
        handler = getattr(handlers, kind)(**base, **copy.deepcopy(extra))
        own = {"class": kind, "extra_kwargs": extra, "processors": {}, "tables": [], "shapes": {}}
        for key in ("raw", "infer", "learn"):
            df = handler.fetch(col_set="__raw", data_key=key)
            own["shapes"][key] = {"shape": df.shape, "first": df.index[0], "last": df.index[-1], "index": list(df.index.names),
                                  "nan_per_row_mean": float(df.isna().mean().mean()), "all_nan_columns": [c[-1] for c in df.columns if df[c].isna().all()]}
            if config != "a360" and key != "infer":
                label = df["label"]["LABEL0"]
                day_of = label.index.get_level_values(0)
                chosen = np.logical_or.reduce([(day_of >= first) & (day_of <= last) for first, last in windows.values()])
                labels.append(label[chosen].rename(f"{config}.{key}"))
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
    note["label_table"] = files.table("label.csv.gz", pd.concat(labels, axis=1).sort_index())
    files.json("configs.json", note)
    make_vwap(files, sample, *windows["w1"])


def make_vwap(files, sample, start, end):
    """The variants whose label is of the vwap."""
    import qlib.contrib.data.handler as handlers

    results = []
    for kind in ("Alpha158vwap", "Alpha360vwap"):
        for learn in ("default", []):
            kwargs = {"instruments": sample, "start_time": start, "end_time": end, "fit_start_time": start, "fit_end_time": end}
            handler = getattr(handlers, kind)(**kwargs, **({} if learn == "default" else {"learn_processors": learn}))
            results.append({"class": kind, "learn_processors": learn, "error": None, "raw_shape": handler._data.shape,
                            "learn_shape": handler._learn.shape, "infer_shape": handler._infer.shape,
                            "label_nan": int(handler._data["label"]["LABEL0"].isna().sum())})
    files.json("vwap.json", {"has_vwap_file": True, "results": results})


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
    make_handler_lp(files, frames["64"], half)
    make_time_ranges(files, instruments, start, end, str(days[3].date()))


def make_handler_lp(files, frame, half):
    """The order in which DataHandlerLP calls its processors, and what each sees."""
    from qlib.data.dataset.handler import DataHandlerLP
    from qlib.data.dataset.loader import StaticDataLoader
    from qlib.data.dataset.processor import Processor

    calls = []

    class Spy(Processor):
        """Adds `add` to every cell and notes what it saw."""

        def __init__(self, name, add):
            self.name, self.add = name, add

        def note(self, call, df):
            calls.append({"call": call, "processor": self.name, "CONST_seen": float(df[("feature", "CONST")].iloc[0]), "rows": len(df)})

        def fit(self, df=None):
            self.note("fit", df)

        def __call__(self, df):
            self.note("process", df)
            return df.__iadd__(self.add)

        def readonly(self):
            return False

    def spies():
        return {"shared_processors": [Spy("shared1", 1)], "infer_processors": [Spy("infer1", 10), Spy("infer2", 20)],
                "learn_processors": [Spy("learn1", 100), Spy("learn2", 200)]}

    linear = {
        "infer_processors": [{"class": "RobustZScoreNorm", "kwargs": {**half, "fields_group": "feature"}}, {"class": "Fillna", "kwargs": {"fields_group": "feature"}}],
        "learn_processors": ["DropnaLabel", {"class": "CSRankNorm", "kwargs": {"fields_group": "label"}}],
    }
    cases = []
    for name, kwargs in {
        "append": spies(),
        "independent": {**spies(), "process_type": "independent"},
        "append_drop_raw": {**spies(), "drop_raw": True},
        "no_processors": {},
        "linear_append": copy.deepcopy(linear),
        "linear_independent": {**copy.deepcopy(linear), "process_type": "independent"},
    }.items():
        calls.clear()
        handler = DataHandlerLP(data_loader=StaticDataLoader(frame.copy()), **kwargs)
        note = {"case": name, "calls": list(calls), "error": None}
        for key in ("raw", "infer", "learn"):
            df, error = attempt(lambda key=key: handler.fetch(col_set="__raw", data_key=key))
            if error is None:
                error = {"rows": len(df), "CONST": float(df[("feature", "CONST")].iloc[0])}
                if name.startswith("linear"):
                    error["table"] = files.table(f"lp_{name}.{key}.csv.gz", df)
            note[key] = error
        cases.append(note)
    files.json("handlerlp.json", cases)


def make_time_ranges(files, instruments, start, end, inside):
    """TimeRangeFlt, which drops instruments whose data do not cover a range."""
    from qlib.data import D

    cases = []
    for first, last in ((None, None), (start, end), (inside, end), ("1990-01-01", end)):
        kwargs = {"start_time": first, "end_time": last}
        processor = {"class": "TimeRangeFlt", "module_path": "qlib.data.dataset.processor", "kwargs": kwargs}
        df = D.features(instruments, ["$close"], start, end, inst_processors=[processor])
        cases.append({**kwargs, "rows_per_instrument": df.groupby(level="instrument").size().to_dict()})
    files.json("timerange.json", {"query": {"instruments": instruments, "start": start, "end": end}, "cases": cases})
