"""Fits scikit-learn's RandomForestRegressor, one line of JSON in, one out, until the input ends.

in:  {"x": rows, "y": figures, "unseen": rows, "trees": number, "jobs": number or null, "seed": number}
out: {"milliseconds": of the fit alone, "predicted": figures of the unseen rows}; first of all {"version": of scikit-learn}
"""

import json
import sys
import time

import numpy
import sklearn
from sklearn.ensemble import RandomForestRegressor


def say(answer):
    print(json.dumps(answer), flush=True)


say({"version": sklearn.__version__})
for line in sys.stdin:
    task = json.loads(line)
    x, y, unseen = (numpy.array(task[name], dtype=float) for name in ("x", "y", "unseen"))
    forest = RandomForestRegressor(task["trees"], n_jobs=task["jobs"], random_state=task["seed"])
    start = time.perf_counter()
    forest.fit(x, y)
    milliseconds = 1000 * (time.perf_counter() - start)
    say({"milliseconds": milliseconds, "predicted": forest.predict(unseen).tolist()})
