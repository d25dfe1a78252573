"""The numbers that boosted-tree.test.ts and decision-tree.test.ts compare with.

    python3 -m venv venv && venv/bin/pip install scikit-learn==1.9.1 xgboost==3.2.0 && venv/bin/python reference.py
"""

import numpy as np
import xgboost as xgb
from sklearn.tree import DecisionTreeClassifier, DecisionTreeRegressor

state = 7


def uniform():
    global state
    state = (state * 1664525 + 1013904223) & 0xFFFFFFFF
    return state / 4294967296


def sample(rows):
    numbers, label = [], []
    for _ in range(rows):
        a, b, c, d, missing, noise = [uniform() for _ in range(6)]
        lost = missing < 0.15
        x = [np.floor(a * 200), np.floor(b * 200), np.floor(c * 200), np.nan if lost else np.floor(d * 200)]
        numbers.append(x)
        label.append(x[0] / 20 - x[1] * x[2] / 2000 + (0 if lost else x[3] / 40) + 4 * noise)
    return np.array(numbers), np.array(label)


def show(name, values):
    print(name, [float("%.7g" % value) for value in np.ravel(values)[:12]])


X, y = sample(300)
binary = (y > np.floor(y.mean())).astype(int)
three = np.where(y < -2, 0, np.where(y < 4, 1, 2))
rules = {"eta": 0.3, "max_depth": 3, "lambda": 1, "alpha": 0.1, "gamma": 0.05, "min_child_weight": 2}


def boost(name, objective, label, margin, weight=None, **more):
    matrix = xgb.DMatrix(X, label=label, weight=weight)
    matrix.set_base_margin(margin)
    model = xgb.train({"objective": objective, "tree_method": "exact", **rules, **more}, matrix, 5)
    show(name, model.predict(matrix))


weight = np.array([1.0 + row % 3 for row in range(300)])
share = binary.mean()
priors = np.bincount(three) / 300
boost("squared", "reg:squarederror", y, np.full(300, y.mean()))
boost("weighted", "reg:squarederror", y, np.full(300, np.average(y, weights=weight)), weight)
boost("logistic", "binary:logistic", binary, np.full(300, np.log(share / (1 - share))))
boost("softmax", "multi:softprob", three, np.tile(np.log(priors), (300, 1)), num_class=3)

full = np.where(np.isnan(X), -1, X)
for criterion in ["gini", "entropy"]:
    for name, label in [("binary", binary), ("three", three)]:
        tree = DecisionTreeClassifier(max_depth=4, criterion=criterion, min_samples_leaf=5, random_state=0)
        shares = tree.fit(full, label).predict_proba(full)
        loss = -np.mean(np.log(np.maximum(shares[np.arange(300), label], 1e-15)))
        show(f"{criterion} {name} nodes {tree.tree_.node_count} loss {loss:.12f}", shares)
tree = DecisionTreeRegressor(max_depth=4, min_samples_leaf=5, random_state=0).fit(full, y)
means = tree.predict(full)
show(f"variance nodes {tree.tree_.node_count} mse {np.mean((means - y) ** 2):.12f}", means)
