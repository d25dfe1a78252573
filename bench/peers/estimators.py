"""The peers' estimators, with the settings that the engine's options stand for, and their own defaults."""


def boosted(library, settings, threads, categories):
    trees, depth, rate, bins = (settings[name] for name in ("trees", "depth", "learningRate", "bins"))
    if library == "xgboost":
        from xgboost import XGBClassifier

        return XGBClassifier(n_estimators=trees, max_depth=depth, learning_rate=rate, max_bin=bins, tree_method="hist",
                             reg_lambda=1, min_child_weight=1, n_jobs=threads)
    if library == "lightgbm":
        from lightgbm import LGBMClassifier

        return LGBMClassifier(n_estimators=trees, max_depth=depth, num_leaves=2**depth, learning_rate=rate,
                              max_bin=bins - 1, reg_lambda=1, min_child_weight=1, n_jobs=threads, verbose=-1)
    if library == "catboost":
        from catboost import CatBoostClassifier

        return CatBoostClassifier(iterations=trees, depth=depth, learning_rate=rate, border_count=bins - 2,
                                  l2_leaf_reg=1, thread_count=threads, verbose=False, allow_writing_files=False,
                                  cat_features=categories or None)
    from sklearn.ensemble import HistGradientBoostingClassifier

    return HistGradientBoostingClassifier(max_iter=trees, max_depth=depth, max_leaf_nodes=2**depth, learning_rate=rate,
                                          max_bins=bins - 1, l2_regularization=1, early_stopping=False)


def forest(library, settings, threads):
    trees, depth, rows, columns = (settings[name] for name in ("trees", "depth", "rowShare", "columnShare"))
    if library == "xgboost":
        from xgboost import XGBRFClassifier

        return XGBRFClassifier(n_estimators=trees, max_depth=depth, subsample=rows, colsample_bynode=columns,
                               reg_lambda=1, tree_method="hist", n_jobs=threads)
    if library == "lightgbm":
        from lightgbm import LGBMClassifier

        return LGBMClassifier(boosting_type="rf", n_estimators=trees, max_depth=depth, num_leaves=2**depth,
                              subsample=rows, subsample_freq=1, feature_fraction_bynode=columns, reg_lambda=1,
                              n_jobs=threads, verbose=-1)
    from sklearn.ensemble import RandomForestClassifier

    return RandomForestClassifier(n_estimators=trees, max_depth=depth, max_samples=rows, max_features=columns,
                                  n_jobs=threads)


def linear_family(work, settings, threads, features):
    if work == "linear":
        from sklearn.linear_model import LinearRegression

        return LinearRegression(n_jobs=threads)
    if work == "text":
        from sklearn.feature_extraction.text import CountVectorizer
        from sklearn.linear_model import LogisticRegression
        from sklearn.pipeline import make_pipeline

        return make_pipeline(CountVectorizer(binary=True, token_pattern=r"\S+"),
                             LogisticRegression(C=float("inf"), max_iter=settings["iterations"],
                                                tol=settings["tolerance"]))
    if work == "logistic":
        from sklearn.linear_model import LogisticRegression

        return LogisticRegression(C=float("inf"), max_iter=settings["iterations"], tol=settings["tolerance"])
    from sklearn.cluster import KMeans

    return KMeans(n_clusters=settings["clusters"], init=features[settings["initialRows"]], n_init=1, tol=0,
                  max_iter=settings["iterations"], algorithm="lloyd")


def build(library, task, threads, features):
    work, settings = task["work"], task["settings"]
    if work == "boosted":
        return boosted(library, settings, threads, task.get("categories"))
    if work == "forest":
        return forest(library, settings, threads)
    return linear_family(work, settings, threads, features)


def predict(model, features):
    """Probability of the positive class; the predicted number of a regression."""
    if hasattr(model, "predict_proba"):
        return model.predict_proba(features)[:, 1]
    return model.predict(features)


def iterations_of(model):
    """Iterations of a logistic regression, the last step of a pipeline or not."""
    return (model[-1] if hasattr(model, "steps") else model).n_iter_
