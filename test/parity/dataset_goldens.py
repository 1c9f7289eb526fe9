"""Golden results of qlib's data access and datasets: calendars, instruments, filters, D.features, DatasetH and TSDatasetH."""
import copy

import numpy as np
import pandas as pd

from data_goldens import attempt
from golden_files import DataFiles

FIELDS = {
    "feature": (["$close/Ref($close, 1)-1", "Mean($close, 5)/$close", "($high-$low)/$open"], ["RET1", "MA5", "RNG"]),
    "label": (["Ref($close, -2)/Ref($close, -1) - 1"], ["LABEL0"]),
    "flt": (["$close>Ref($close, 1)"], ["UP"]),
}


def plain_spans(found):
    return {name: [[str(a.date()), str(b.date())] for a, b in spans] for name, spans in found.items()}


def make_datasets(out, instruments, start, end, market, late):
    from qlib.data import D

    files = DataFiles(out)
    days = [str(t.date()) for t in D.calendar(start, end)]
    make_calendars(files, days)
    make_instruments(files, instruments, market, late)
    make_filters(files, instruments, market, late, days)
    make_features(files, instruments, market, late, days)
    make_prepare(files, instruments, days)


def make_calendars(files, days):
    from qlib.data import D

    whole = D.calendar()
    n = len(days)
    cases = []
    for start, end in [(None, None), (days[3], days[8]), (days[3], days[3]), (days[5], days[2]), ("1980-01-01", str(whole[4].date())),
                       (str(whole[-4].date()), "2100-01-01"), ("2100-01-01", None), (None, "1980-01-01"), (days[0], days[n // 2])]:
        found, error = attempt(lambda a=start, b=end: [str(t.date()) for t in D.calendar(a, b)])
        if error is None:
            error = {"error": None, "len": len(found), "days": found if len(found) <= 40 else found[:5] + ["..."] + found[-5:]}
        cases.append({"start_time": start, "end_time": end, **error})
    found, error = attempt(lambda: [str(t.date()) for t in D.calendar(days[0], days[-1], freq="nosuch")])
    cases.append({"start_time": days[0], "end_time": days[-1], "freq": "nosuch", **(error or {"error": None, "len": len(found), "days": found})})
    files.json("calendar.json", cases)


def make_instruments(files, instruments, market, late):
    from qlib.data import D

    cases = []

    def add(what, call):
        value, error = attempt(call)
        if error is None:
            if isinstance(value, dict):
                value = plain_spans(value)
            error = {"error": None, "len": len(value), "value": value[:10] if isinstance(value, list) else value}
        cases.append({"what": what, **error})

    add(f"list_instruments({market}, late_start, late_end)", lambda: D.list_instruments(D.instruments(market), *late))
    add("all, no times, first 10", lambda: D.list_instruments(D.instruments("all"), as_list=True))
    add("start after end", lambda: D.list_instruments(D.instruments(market), late[1], late[0]))
    add("unknown market", lambda: D.list_instruments(D.instruments("nosuch")))
    files.json("instruments.json", cases)


def make_filters(files, instruments, market, late, days):
    from qlib.data import D
    from qlib.data.filter import ExpressionDFilter, NameDFilter

    pipes = []
    middle = str(D.calendar(*late)[40].date())
    prefix = instruments[0][:3]

    def add(name, pipe, start=late[0], end=late[1]):
        note = {"case": name, "market": market, "start_time": start, "end_time": end}
        config, error = attempt(lambda: D.instruments(market, filter_pipe=pipe))
        if error is None:
            note["config"] = config
            found, error = attempt(lambda: D.list_instruments(config, start, end))
            if error is None:
                error = {"error": None, "count": len(found), "as_list": list(found), "spans": plain_spans(found)}
        pipes.append({**note, **error})

    add("none", [])
    add("name_prefix", [NameDFilter(prefix)])
    add("name_with_dates", [NameDFilter(prefix, late[0], middle)])
    add("expr_level", [ExpressionDFilter("$close>Mean($close,20)")], late[0], middle)
    add("expr_keep", [ExpressionDFilter("$volume>1e6", keep=True)], late[0], middle)
    add("name_then_expr", [NameDFilter(prefix), ExpressionDFilter("$close>$open")], late[0], middle)
    add("bad_type", ["nosuch"])
    add("bad_filter_type", [{"filter_type": "NoSuchFilter"}])
    last = days[min(len(days) - 1, 30)]
    given = {name: [(pd.Timestamp(days[0]), pd.Timestamp(last))] for name in instruments}
    direct = []
    for name, rule in (("level", ExpressionDFilter("$close>Ref($close,1)")), ("value", ExpressionDFilter("$close-Ref($close,1)"))):
        found = rule(copy.deepcopy(given), pd.Timestamp(days[0]), pd.Timestamp(last), "day")
        direct.append({"case": name, "config": rule.to_config(), "input": plain_spans(given), "start": days[0], "end": last, "spans": plain_spans(found)})
    files.json("filters.json", {"pipes": pipes, "filters_called_directly": direct})


def make_features(files, instruments, market, late, days):
    from qlib.data import D

    cases = []

    def add(name, call, with_table=True):
        df, error = attempt(call)
        if error is None:
            error = {"error": None, "shape": df.shape, "index_names": list(df.index.names), "columns": list(df.columns)}
            if len(df):
                error.update({"first": df.index[0], "last": df.index[-1], "rows_per_instrument": df.groupby(level=0).size().to_dict()})
                if with_table:
                    error["table"] = files.table(f"features_{name}.csv.gz", df)
        cases.append({"case": name, **error})

    fields = ["$close", "Ref($close, 1)", "Mean($volume, 3)"]
    add("list", lambda: D.features(instruments, fields, days[0], days[20]))
    add("list_unsorted", lambda: D.features(instruments[::-1], fields, days[0], days[3]))
    add("market_config", lambda: D.features(D.instruments(market), ["$close", "$open"], late[0], D.calendar(*late)[4]))
    spans = {instruments[0]: [(pd.Timestamp(days[2]), pd.Timestamp(days[4])), (pd.Timestamp(days[7]), pd.Timestamp(days[8]))]}
    add("dict_of_spans", lambda: D.features(spans, fields, days[0], days[20]))
    add("no_times", lambda: D.features(instruments[:1], ["$close"]), False)
    add("unknown_instrument_only", lambda: D.features(["NOSUCHCODE"], fields, days[0], days[3]))
    add("unknown_market", lambda: D.features(D.instruments("nosuch"), ["$close"], days[0], days[3]))
    files.json("features.json", cases)


def make_prepare(files, instruments, days):
    from qlib.data.dataset import DatasetH, TSDatasetH
    from qlib.data.dataset.handler import DataHandlerLP

    n = len(days)
    segments = {"train": (days[0], days[n // 2]), "valid": (days[n // 2 + 1], days[3 * n // 4]), "test": (days[3 * n // 4 + 1], days[-1]), "open": (days[n - 3], None)}
    config = {
        "instruments": instruments, "start_time": days[0], "end_time": days[-1],
        "data_loader": {"class": "QlibDataLoader", "kwargs": {"config": {k: list(v) for k, v in FIELDS.items()}}},
        "infer_processors": [{"class": "Fillna", "kwargs": {"fields_group": "feature"}}],
        "learn_processors": [{"class": "DropnaLabel"}, {"class": "CSRankNorm", "kwargs": {"fields_group": "label"}}],
    }
    handler = DataHandlerLP(**copy.deepcopy(config))
    dataset = DatasetH(handler=handler, segments=segments)
    cases = []
    for name, what, args, kwargs in [
        ("name", "prepare('valid')", ("valid",), {}),
        ("name_learn", "prepare('valid', data_key='learn')", ("valid",), {"data_key": "learn"}),
        ("name_raw", "prepare('valid', data_key='raw')", ("valid",), {"data_key": "raw"}),
        ("names_list", "prepare(['valid','test'], col_set=['feature','label'], data_key='learn')", (["valid", "test"],), {"col_set": ["feature", "label"], "data_key": "learn"}),
        ("open_end", "prepare('open') where the segment is (day, None)", ("open",), {}),
        ("col_feature", "prepare('test', col_set='feature')", ("test",), {"col_set": "feature"}),
        ("bad_segment", "prepare('nosuch')", ("nosuch",), {}),
        ("bad_col", "prepare('test', col_set='nosuch')", ("test",), {"col_set": "nosuch"}),
    ]:
        value, error = attempt(lambda a=args, k=kwargs: dataset.prepare(*a, **k))
        if error is None:
            parts = value if isinstance(value, list) else [value]
            error = {"error": None, "returns": "list" if isinstance(value, list) else type(value).__name__, "parts": []}
            for k, df in enumerate(parts):
                file = f"seg_{name}{'' if len(parts) == 1 else f'_{k}'}.csv.gz"
                error["parts"].append({"shape": df.shape, "first": df.index[0], "last": df.index[-1], "index_names": list(df.index.names),
                                       "column_levels": df.columns.nlevels, "table": files.table(file, df)})
        cases.append({"case": name, "what": what, **error})
    closed = {k: v for k, v in segments.items() if k != "open"}
    columns = {k: handler.get_cols(k) for k in ("__all", "__raw", "feature", "label")}
    files.json("prepare.json", {"segments": segments, "handler": config, "class": "DataHandlerLP", "cases": cases, "get_cols": columns,
                                "min_time": DatasetH.get_min_time(closed), "max_time": DatasetH.get_max_time(closed), "max_time_with_open": DatasetH.get_max_time(segments)})

    samples = []
    for fill in ("none", "ffill+bfill"):
        name = f"{fill.replace('+', '_')}_5"
        sampler = TSDatasetH(handler=handler, segments=segments, step_len=5).prepare("valid", col_set=["feature", "label"], data_key="infer")
        sampler.config(fillna_type=fill)
        index = sampler.get_index()
        picks = sorted({0, 1, len(sampler) // 2, len(sampler) - 1})
        keys = [(segments["valid"][0], instruments[0]), (segments["valid"][1], instruments[3])]
        samples.append({
            "case": name, "step_len": 5, "fillna_type": fill, "flt_col": None, "segment": segments["valid"], "len": len(sampler),
            "data_arr_shape": sampler.data_arr.shape, "dtype": str(sampler.data_arr.dtype),
            "index_map": files.table(f"ts_index_{name}.csv.gz", pd.DataFrame(sampler.idx_map, columns=["row", "col"], index=index)),
            "samples": [{"i": i, "datetime": index[i][0], "instrument": index[i][1], "rows_of_data_arr": sampler._get_indices(*sampler._get_row_col(i)), "values": np.asarray(sampler[i])} for i in picks],
            "idx_df": {"dates_first_last": [sampler.idx_df.index[0], sampler.idx_df.index[-1]], "rows": len(sampler.idx_df), "columns": list(sampler.idx_df.columns)},
            "by_key": [{"datetime": day, "instrument": name, "values": np.asarray(sampler[day, name])} for day, name in keys],
            "batch_0_2": {"shape": sampler[[0, 2]].shape, "values": np.asarray(sampler[[0, 2]])},
        })
    files.json("ts.json", {"segments": segments, "cases": samples, "errors": []})
