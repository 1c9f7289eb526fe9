"""Lets MLflow's client and qlib's R read a store: read_by_mlflow.py URI prints what they see as JSON. Run by test/records/tracking/mlflow.test.ts."""
import json
import logging
import math
import os
import sys
import warnings

os.environ["MLFLOW_DISABLE_TELEMETRY"] = "true"
os.environ["MLFLOW_ALLOW_FILE_STORE"] = "true"
warnings.filterwarnings("ignore")
logging.disable(logging.WARNING)
import pandas as pd
from mlflow import MlflowClient
from mlflow.entities import ViewType

uri = sys.argv[1]
client = MlflowClient(uri)


def plain(value):
    """JSON for what artifacts hold."""
    if isinstance(value, pd.DataFrame):
        return {
            "columns": [str(c) for c in value.columns],
            "dtypes": [str(t) for t in value.dtypes],
            "index": [str(n) for n in value.index.names],
            "rows": [[str(i) for i in (key if isinstance(key, tuple) else (key,))] + [number(float(x)) for x in row] for key, row in zip(value.index, value.values)],
        }
    if isinstance(value, pd.Series):
        return {"name": value.name, "dtype": str(value.dtype), "values": [number(float(x)) for x in value]}
    if isinstance(value, dict):
        return {str(k): plain(v) for k, v in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(v) for v in value]
    if type(value).__module__.startswith("qlib."):
        return {"class": f"{type(value).__module__}.{type(value).__name__}", "text": str(getattr(value, "position", ""))}
    return value


def number(x):
    return repr(x) if math.isnan(x) or math.isinf(x) else x


def artifacts(run, path=None):
    for file in client.list_artifacts(run, path):
        if file.is_dir:
            yield from artifacts(run, file.path)
        else:
            yield file.path


def seen():
    out = {}
    for experiment in client.search_experiments(view_type=ViewType.ALL):
        for run in client.search_runs([experiment.experiment_id], run_view_type=ViewType.ALL):
            info = run.info
            out[info.run_id] = {
                "experiment": experiment.name,
                "stage": info.lifecycle_stage,
                "name": info.run_name,
                "status": info.status,
                "ended": info.end_time is not None,
                "params": run.data.params,
                "tags": run.data.tags,
                "metrics": {k: number(v) for k, v in run.data.metrics.items()},
                "history": {k: [[m.timestamp, number(m.value), m.step] for m in client.get_metric_history(info.run_id, k)] for k in run.data.metrics},
                "artifacts": sorted(artifacts(info.run_id)),
            }
    return out


def by_qlib():
    import qlib

    qlib.init(
        provider_uri="/nowhere",
        exp_manager={"class": "MLflowExpManager", "module_path": "qlib.workflow.expm", "kwargs": {"uri": uri, "default_exp_name": "Experiment"}},
        logging_level=50,
    )
    from qlib.workflow import R

    out = {}
    for name, experiment in R.list_experiments().items():
        for run_id, recorder in experiment.list_recorders().items():
            objects = {p: plain(recorder.load_object(p)) for p in artifacts(run_id) if p.endswith(".pkl")}
            out[run_id] = {"experiment": name, "name": recorder.name, "status": recorder.status, "params": recorder.list_params(), "objects": objects}
    found = R.search_records([e.id for e in R.list_experiments().values()], max_results=100, filter_string="metrics.IC > 0")
    return {"recorders": out, "found": [r.info.run_id for r in found]}


result = {"mlflow": seen(), "qlib": by_qlib()}
# More writing by MLflow into the same store.
for run_id in list(result["mlflow"]):
    if result["mlflow"][run_id]["stage"] == "active":
        client.log_metric(run_id, "by mlflow", 1.5, timestamp=5, step=3)
        client.log_param(run_id, "by_mlflow", "yes")
        client.set_tag(run_id, "mlflow.note.content", "line one\nline two: ü")
        client.log_text(run_id, "hello", "notes/a.txt")
experiment = client.create_experiment("made by mlflow: ü #1", tags={"team": "x"})
run = client.create_run(experiment, run_name="123")
client.set_terminated(run.info.run_id, "KILLED")
result["made"] = [experiment, run.info.run_id]
print("\n" + json.dumps(result))
