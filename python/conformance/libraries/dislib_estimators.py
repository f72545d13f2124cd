"""dislib's own estimators on the data that scikit-learn ships, beside scikit-learn's answers."""
import os

os.environ.setdefault("ComputingUnits", "1")

import dislib as ds
import numpy as np
import sklearn.cluster
import sklearn.decomposition
import sklearn.ensemble
import sklearn.linear_model
from dislib.cluster import KMeans
from dislib.decomposition import PCA, qr
from dislib.model_selection import GridSearchCV, KFold
from dislib.preprocessing import StandardScaler
from dislib.regression import LinearRegression
from dislib.trees import RandomForestClassifier
from sklearn.datasets import load_digits, load_iris

iris, species = load_iris(return_X_y=True)
digits, numbers = load_digits(return_X_y=True)


def close(name, ours, theirs, tolerance):
    error = float(np.abs(np.asarray(ours) - np.asarray(theirs)).max())
    assert error < tolerance, (name, error)
    print(f"{name}: equal to scikit-learn's")


def k_means():
    start = iris[[0, 60, 120]]
    ours = KMeans(n_clusters=3, init=start, tol=1e-9, max_iter=100).fit(ds.array(iris, (40, 4)))
    theirs = sklearn.cluster.KMeans(n_clusters=3, init=start, n_init=1, tol=1e-9, max_iter=100).fit(iris)
    close("k-means centres", np.asarray(ours.centers), theirs.cluster_centers_, 1e-6)
    labels = ours.predict(ds.array(iris, (40, 4))).collect().ravel()
    assert (labels == theirs.labels_).all()
    print("k-means labels:", np.bincount(labels.astype(int)).tolist())


def linear_regression():
    x, y = iris[:, :3], iris[:, 3:]
    ours = LinearRegression()
    ours.fit(ds.array(x, (40, 3)), ds.array(y, (40, 1)))
    theirs = sklearn.linear_model.LinearRegression().fit(x, y)
    predicted = ours.predict(ds.array(x, (40, 3))).collect().ravel()
    close("linear regression", predicted, theirs.predict(x).ravel(), 1e-8)


def principal_components():
    ours = PCA(n_components=3).fit(ds.array(iris, (40, 2)))
    theirs = sklearn.decomposition.PCA(n_components=3).fit(iris)
    close("PCA variances", ours.explained_variance_.collect().ravel(), theirs.explained_variance_, 1e-8)
    close("PCA axes", np.abs(ours.components_.collect()), np.abs(theirs.components_), 1e-6)


def orthogonal_factors():
    matrix = digits[:64, :64] + np.eye(64)
    q, r = qr(ds.array(matrix, (16, 16)), mode="full", overwrite_a=False)
    q, r = q.collect(), r.collect()
    assert np.allclose(q @ r, matrix) and np.allclose(q.T @ q, np.eye(64)) and np.allclose(np.tril(r, -1), 0, atol=1e-10)
    print("QR: Q R is the matrix, Q is orthogonal, R is triangular")


def scaling():
    scaled = StandardScaler().fit_transform(ds.array(iris, (40, 2))).collect()
    close("scaling", scaled, (iris - iris.mean(axis=0)) / iris.std(axis=0), 1e-9)


def random_forest():
    forest = RandomForestClassifier(n_estimators=12, random_state=1)
    x, y = ds.array(iris, (50, 4)), ds.array(species.reshape(-1, 1), (50, 1))
    forest.fit(x, y)
    score = float(np.asarray(forest.score(x, y, collect=True)))
    theirs = sklearn.ensemble.RandomForestClassifier(n_estimators=12, random_state=1).fit(iris, species).score(iris, species)
    assert score > 0.93 and theirs > 0.93, (score, theirs)
    print("random forest: as good as scikit-learn's")


def grid_search():
    x, y = ds.array(digits[:300], (100, 64)), ds.array(numbers[:300].reshape(-1, 1), (100, 1))
    search = GridSearchCV(RandomForestClassifier(random_state=3), {"n_estimators": [1, 8], "max_depth": [3]}, cv=KFold(3, shuffle=True, random_state=0))
    search.fit(x, y)
    assert search.best_params_["n_estimators"] == 8, search.best_params_
    print("grid search: more trees are better")


def matrix_product():
    a, b = ds.array(digits[:100], (30, 30)), ds.array(digits[:100].T.copy(), (30, 30))
    close("matrix product", ds.matmul(a, b).collect(), digits[:100] @ digits[:100].T, 1e-9)


if __name__ == "__main__":
    for each in (k_means, linear_regression, principal_components, orthogonal_factors, scaling, random_forest, grid_search, matrix_product):
        each()
