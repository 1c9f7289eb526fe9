"""MLflow's side of mlflow_matrix.mjs: `write URI` fills a store with everything that a client can put there, `dump URI` prints what MLflow sees in it as JSON."""
import json
import logging
import math
import os
import sys
import tempfile
import uuid
import warnings

os.environ["MLFLOW_DISABLE_TELEMETRY"] = "true"
os.environ["MLFLOW_ALLOW_FILE_STORE"] = "true"
warnings.filterwarnings("ignore")
logging.disable(logging.WARNING)
os.chdir(tempfile.mkdtemp())
import mlflow
import pandas as pd
from mlflow import MlflowClient
from mlflow.entities import Metric, Param, RunTag, ViewType

command, uri = sys.argv[1:3]
mlflow.set_tracking_uri(uri)
client = MlflowClient(uri)
major = int(mlflow.__version__.split(".")[0])


def number(x):
    if math.isnan(x):
        return "nan"
    # SQLite stores keep the largest double for infinity
    return ("inf" if x > 0 else "-inf") if abs(x) >= sys.float_info.max else x


def artifacts(run, path=None):
    for file in client.list_artifacts(run, path):
        if file.is_dir:
            yield from artifacts(run, file.path)
        else:
            yield file.path


def run_of(run):
    info = run.info
    return {
        "name": info.run_name,
        "status": info.status,
        "stage": info.lifecycle_stage,
        "user": info.user_id,
        "start": info.start_time,
        "end": info.end_time,
        "params": dict(run.data.params),
        "tags": dict(run.data.tags),
        "metrics": {k: number(v) for k, v in run.data.metrics.items()},
        "history": {
            k: sorted([m.timestamp, str(number(m.value)), m.step] for m in client.get_metric_history(info.run_id, k))
            for k in run.data.metrics
        },
        "datasets": sorted(
            [i.dataset.name, i.dataset.digest, i.dataset.source_type, i.dataset.schema, sorted([t.key, t.value] for t in i.tags)]
            for i in run.inputs.dataset_inputs
        ),
        "artifacts": sorted(artifacts(info.run_id)),
    }


def dump():
    experiments = {}
    for e in client.search_experiments(view_type=ViewType.ALL):
        runs = client.search_runs([e.experiment_id], run_view_type=ViewType.ALL, max_results=5000)
        experiments[e.experiment_id] = {
            "name": e.name,
            "stage": e.lifecycle_stage,
            "tags": dict(e.tags),
            "created": e.creation_time,
            "runs": {r.info.run_id: run_of(r) for r in runs},
        }
    return experiments


def write():
    u = uuid.uuid4().hex[:6]
    e = client.create_experiment(f"by mlflow: ü #1 {u}", tags={"team": "x", "a.b": "c/d"})
    client.set_experiment_tag(e, "later", "line one\nline two")
    other = client.create_experiment(f"before {u}")
    client.rename_experiment(other, f"after/{u}")
    mlflow.set_experiment(experiment_id=e)
    with mlflow.start_run(run_name="full: ü") as run:
        mlflow.log_params({"a": 1, "p/q": [1, None], "with space": "a\nb", "long": "x" * 5000, "ü.-_:": "v"})
        for step, value in enumerate([1.0, float("nan"), float("inf"), -float("inf"), 1e-17, 1 / 3, 1e22]):
            mlflow.log_metric("curve/l2", value, step=step)
        mlflow.log_metric("down", 2.0, step=5)
        mlflow.log_metric("down", 1.0, step=-3)
        mlflow.set_tags({"t": "ü", "empty": "", "mlflow.note.content": "# hello"})
        mlflow.log_text("hello", "deep/er/a.txt")
        mlflow.log_dict({"a": [1]}, "b.json")
        frame = pd.DataFrame({"x": [1.0, 2.0], "y": ["a", "b"]})
        mlflow.log_input(mlflow.data.from_pandas(frame, source="prices.csv", name="prices"), context="train")
        mlflow.log_input(mlflow.data.from_pandas(frame.head(1), name="few"), context="test", **({"tags": {"k": "v"}} if major > 2 else {}))
        with mlflow.start_run(run_name="child", nested=True):
            mlflow.log_metric("m", 1)
        if major > 2:
            model = mlflow.initialize_logged_model(name="model", tags={"t": "v"}, params={"depth": 3})
            mlflow.log_metric("model metric", 0.5, step=2, model_id=model.model_id)
            dataset = mlflow.data.from_pandas(frame, name="eval")
            if not uri.startswith("file"):
                mlflow.log_metric("metric of data", 0.25, step=4, dataset=dataset)
            mlflow.finalize_logged_model(model.model_id, "READY")
    if uri.startswith("sqlite"):
        with mlflow.start_span(name="traced") as span:
            span.set_inputs({"a": 1})
        mlflow.flush_trace_async_logging() if hasattr(mlflow, "flush_trace_async_logging") else None
        client.create_registered_model(f"registered {u}")
    for status in ("FAILED", "KILLED", "SCHEDULED", "RUNNING"):
        r = client.create_run(e, run_name=status.lower(), tags={"k": status}).info.run_id
        client.log_batch(r, metrics=[Metric(f"m{i}", i / 7, 1000 + i, i) for i in range(30)], params=[Param(f"p{i}", str(i)) for i in range(30)], tags=[RunTag("t", "1")])
        if status != "RUNNING":
            client.set_terminated(r, status)
    gone = client.create_run(e, run_name="gone").info.run_id
    client.delete_run(gone)
    back = client.create_run(e, run_name="back").info.run_id
    client.delete_run(back)
    client.restore_run(back)
    deleted = client.create_experiment(f"deleted {u}")
    client.create_run(deleted, run_name="in a deleted one")
    client.delete_experiment(deleted)


if command == "write":
    write()
print("\n" + json.dumps(dump()))
