"""One peer: a process that lives through the bench, so that imports are not timed.

Tasks come as JSON lines on standard input; answers go out as JSON lines.
"""

import importlib
import json
import sys
import time
import warnings

import numpy

import estimators
import memory
import reading

class Peer:
    def __init__(self, library, threads):
        self.library, self.threads, self.model = library, threads, None
        self.module = importlib.import_module(library)
        reading.read_duckdb.threads = threads

    def hello(self, task):
        """Imports what the tasks need, so that it is not timed; only what one reading and fit need if `lean`."""
        parts = ["pandas", "pyarrow.parquet"]
        if not task.get("lean"):
            parts += ["duckdb", "sklearn.ensemble", "sklearn.linear_model", "sklearn.cluster", "sklearn.metrics"]
        for part in parts:
            importlib.import_module(part)
        return {"version": self.module.__version__, "python": sys.version.split()[0]}

    def read_best(self, path, task):
        """Reads by every reader asked for; the last one's arrays, and the seconds of each."""
        seconds = {}
        for reader in task.get("readers", ["duckdb", "pandas"]):
            features = label = None
            features, label, seconds[reader] = reading.read(path, task, reader, task.get("label") is not None)
        return features, label, seconds

    def fit(self, task):
        """Reads, fits, predicts the held-out rows to a file."""
        self.model = None
        base = memory.reset_peak()
        features, label, read_seconds = self.read_best(task["train"], task)
        start = time.perf_counter()
        model = estimators.build(self.library, task, self.threads, features)
        model.fit(features, label)
        fit_seconds = time.perf_counter() - start
        peak = memory.peak()
        answer = {"core": fit_seconds, "sql": min(read_seconds.values()) + fit_seconds, "peakBytes": peak,
                  "idleBytes": base, "parts": {f"read {name}": value for name, value in read_seconds.items()}}
        if task["work"] == "kmeans":
            answer.update(quality=float(model.inertia_), iterations=int(model.n_iter_))
        if task["work"] in ("logistic", "text"):
            answer.update(iterations=int(estimators.iterations_of(model)[0]), trainingLoss=self.training_loss(model, features, label))
        del features, label
        if task.get("output"):
            self.predict_held_out(model, task)
        if task.get("keep"):
            self.model = model
        return answer

    def training_loss(self, model, features, label):
        from sklearn.metrics import log_loss

        return float(log_loss(label, model.predict_proba(features)))

    def predict_held_out(self, model, task):
        features, _, _ = reading.read(task["test"], task, "pandas", False)
        reading.write_predictions(task["output"], task["firstId"], estimators.predict(model, features))

    def score(self, task):
        """Reads, predicts with the model that was kept, writes."""
        base = memory.reset_peak()
        features, _, read_seconds = self.read_best(task["file"], {**task, "label": None})
        start = time.perf_counter()
        predictions = estimators.predict(self.model, features)
        core = time.perf_counter() - start
        write_seconds = reading.write_predictions(task["output"], 0, predictions)
        parts = {**{f"read {name}": value for name, value in read_seconds.items()}, "write": write_seconds}
        return {"core": core, "sql": min(read_seconds.values()) + core + write_seconds, "peakBytes": memory.peak(),
                "idleBytes": base, "parts": parts}

    def single(self, task):
        """Median seconds of one call for one row, of the faster of the library's two ways."""
        features, _, _ = reading.read(task["test"], {**task, "label": None}, "pandas", False)
        booster = self.model.get_booster()
        booster.set_param({"nthread": 1})
        ways = {"predict_proba": self.model.predict_proba, "inplace_predict": booster.inplace_predict}
        medians = {name: self.median_call(way, features, task["calls"]) for name, way in ways.items()}
        return {"sql": min(medians.values()), "parts": medians}

    def median_call(self, way, features, calls):
        seconds = numpy.empty(calls)
        for call in range(calls):
            row = features[call % len(features)].reshape(1, -1)
            start = time.perf_counter()
            way(row)
            seconds[call] = time.perf_counter() - start
        return float(numpy.median(seconds))

    def forget(self, task):
        self.model = None
        memory.reset_peak()
        return {}


def main():
    warnings.filterwarnings("ignore")
    answers, sys.stdout = sys.stdout, sys.stderr
    peer = Peer(sys.argv[1], int(sys.argv[2]))
    for line in sys.stdin:
        task = json.loads(line)
        try:
            answer = getattr(peer, task["command"])(task)
        except Exception as error:  # told to the bench, which shows it beside the peer's name
            answer = {"error": f"{type(error).__name__}: {error}"}
        answers.write(json.dumps(answer) + "\n")
        answers.flush()


main()
