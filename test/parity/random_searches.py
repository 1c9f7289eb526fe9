"""MLflow's answers to random searches: reads [{filter, order_by, view, max_results}] as JSON from standard input; prints ids, or "refused". usage: random_searches.py URI"""
import json
import logging
import os
import sys
import warnings

os.environ["MLFLOW_DISABLE_TELEMETRY"] = "true"
os.environ["MLFLOW_ALLOW_FILE_STORE"] = "true"
warnings.filterwarnings("ignore")
logging.disable(logging.WARNING)
from mlflow import MlflowClient
from mlflow.entities import ViewType
from mlflow.exceptions import MlflowException

client = MlflowClient(sys.argv[1])
ids = [e.experiment_id for e in client.search_experiments()]
answers = []
for q in json.load(sys.stdin):
    found, token = [], None
    try:
        while True:
            page = client.search_runs(ids, q["filter"], ViewType.from_string(q["view"]), q["max_results"], q["order_by"], token)
            found += [r.info.run_id for r in page]
            token = page.token
            if not token:
                break
        answers.append(found)
    except MlflowException as error:
        answers.append("refused")
print("\n" + json.dumps(answers))
