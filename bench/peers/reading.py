"""Reads a Parquet file into what the libraries fit from, by pandas or by DuckDB."""

import time


def read_pandas(path, columns):
    import pandas

    return pandas.read_parquet(path, columns=columns)


def read_duckdb(path, columns):
    import duckdb

    connection = duckdb.connect()
    connection.execute(f"SET threads = {read_duckdb.threads}")
    names = ", ".join(f'"{name}"' for name in columns)
    return connection.execute(f"SELECT {names} FROM read_parquet(?)", [path]).df()


read_duckdb.threads = 2
READERS = {"pandas": read_pandas, "duckdb": read_duckdb}


def features_of(frame, task):
    """A matrix of numbers; a frame where there are categoricals."""
    features = frame[task["features"]]
    if task.get("work") == "text":
        return features.iloc[:, 0]
    categories = task.get("categories", [])
    if not categories:
        return features.to_numpy()
    return features.assign(**{name: features[name].astype("category") for name in categories})


def read(path, task, reader, with_label=True):
    """Features, label (or None), ids (or None), and the seconds it took."""
    start = time.perf_counter()
    wanted = list(task["features"]) + ([task["label"]] if with_label and task.get("label") else [])
    frame = READERS[reader](path, wanted)
    features = features_of(frame, task)
    label = frame[task["label"]].to_numpy() if with_label and task.get("label") else None
    return features, label, time.perf_counter() - start


def write_predictions(path, first_id, predictions):
    """id and prediction, as Parquet; gives the seconds it took."""
    import numpy
    import pyarrow
    from pyarrow import parquet

    start = time.perf_counter()
    ids = numpy.arange(first_id, first_id + len(predictions))
    parquet.write_table(pyarrow.table({"id": ids, "prediction": predictions}), path)
    return time.perf_counter() - start
