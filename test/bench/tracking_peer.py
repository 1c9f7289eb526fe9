"""Times MLflow's own client on a store: prints {figure: seconds} as JSON. Run by tracking.ts with the peer's Python."""
import json
import logging
import os
import random
import statistics
import sys
import time

os.environ["MLFLOW_DISABLE_TELEMETRY"] = "true"
os.environ["MLFLOW_ALLOW_FILE_STORE"] = "true"
logging.disable(logging.WARNING)
from mlflow import MlflowClient
from mlflow.entities import Metric, Param, RunTag

client = MlflowClient(sys.argv[1])
count = int(sys.argv[2])
seconds = {}


def timed(name, work, times=1):
    spent = []
    for _ in range(times):
        begin = time.perf_counter()
        result = work()
        spent.append(time.perf_counter() - begin)
    seconds[name] = statistics.median(spent)
    return result


experiment = client.create_experiment("bench")
client.search_runs([experiment])
now = int(time.time() * 1000)
first, second = (client.create_run(experiment).info.run_id for _ in range(2))
timed("log_metrics", lambda: [client.log_metric(first, "m", i * 0.1, now + i, i) for i in range(1000)])
timed("log_batch", lambda: client.log_batch(second, metrics=[Metric("m", i * 0.1, now + i, i) for i in range(1000)]))
timed("create_runs", lambda: [client.create_run(experiment) for _ in range(100)])

searched = client.create_experiment("search")
numbers = random.Random(7)
for i in range(count):
    run = client.create_run(searched, run_name=f"r{i}").info.run_id
    client.log_batch(
        run,
        metrics=[Metric(f"m{j}", numbers.random(), now + i, 0) for j in range(20)],
        params=[Param(f"p{j}", f"v{i % 10}-{j}") for j in range(30)],
        tags=[RunTag("k", f"t{i % 3}")],
    )
    if i % 2:
        client.set_terminated(run)
found = timed("search", lambda: client.search_runs([searched], order_by=["metrics.m3 DESC"], max_results=count), 3)
assert len(found) == count and len(found[0].data.params) == 30
where = "metrics.m5 > 0.5 AND params.p1 = 'v3-1' AND tags.k = 't1'"
timed("filter", lambda: client.search_runs([searched], where, order_by=["metrics.m3 DESC"], max_results=100), 3)
print(json.dumps(seconds))
