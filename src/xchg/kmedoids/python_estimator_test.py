"""KMedoids: scikit-learn's conventions, with and without scikit-learn."""

import pickle
import subprocess
import sys
import warnings

import pytest

np = pytest.importorskip("numpy")
xchg = pytest.importorskip("xchg", reason="the Python package is not built (or PYTHONPATH does not name it)")
kmedoids = pytest.importorskip("xchg.kmedoids")


def points(n, d=2, seed=0):
    return np.random.default_rng(seed).normal(size=(n, d))


def distances(a, b=None):
    return np.sqrt(((a[:, None, :] - (a if b is None else b)[None, :, :]) ** 2).sum(axis=2))


# What scikit-learn's checks ask for and KMedoids does not do, with the reason (also in its documentation):
# an object of weight 0 adds nothing to the total deviation but may be a medoid, so it is not the same as no object.
KNOWN = {"check_sample_weights_invariance"}


@pytest.mark.parametrize("parameters", [{}, {"metric": "manhattan", "init": "build"},
                                        {"method": "fastermsc", "metric": "sqeuclidean"}])
def test_scikit_learn_accepts_the_estimator(parameters):
    checks = pytest.importorskip("sklearn.utils.estimator_checks")
    from sklearn.exceptions import SkipTestWarning

    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        checks.check_estimator(kmedoids.KMedoids(**parameters))
    skipped = [str(w.message) for w in caught if issubclass(w.category, SkipTestWarning)]
    assert all(any(name in message for name in KNOWN) for message in skipped), skipped


def test_weights_of_one_are_no_weights():
    x = points(40)
    plain, weighted = kmedoids.KMedoids(3).fit(x), kmedoids.KMedoids(3).fit(x, sample_weight=np.ones(40))
    assert plain.medoid_indices_.tolist() == weighted.medoid_indices_.tolist()


def test_it_works_in_a_pipeline_and_a_search_over_parameters():
    pytest.importorskip("sklearn")
    from sklearn.base import clone
    from sklearn.model_selection import GridSearchCV
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    x = points(60, 3)
    pipeline = make_pipeline(StandardScaler(), kmedoids.KMedoids(3)).fit(x)
    assert set(pipeline.predict(x).tolist()) == {0, 1, 2}
    search = GridSearchCV(kmedoids.KMedoids(), {"n_clusters": [2, 5]}, cv=3).fit(x)
    assert search.best_params_ == {"n_clusters": 5}
    assert clone(kmedoids.KMedoids(4, metric_params={"p": 3})).get_params()["metric_params"] == {"p": 3}


def test_without_scikit_learn_it_has_the_same_methods():
    code = """
import sys
sys.modules["sklearn"] = None
import numpy
from xchg import kmedoids
x = numpy.random.default_rng(0).normal(size=(30, 2))
model = kmedoids.KMedoids(4, init="build")
assert model.fit(x) is model and model.predict(x).tolist() == model.labels_.tolist()
assert repr(model.set_params(n_clusters=5)) == "KMedoids(n_clusters=5, init='build')"
assert type(model)(**model.get_params()).get_params() == model.get_params()
assert "sklearn.base" not in sys.modules
print(model.get_feature_names_out().tolist())
"""
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True,
                         env={"PYTHONPATH": ":".join(sys.path)})
    assert run.returncode == 0, run.stderr
    assert run.stdout == "['kmedoids0', 'kmedoids1', 'kmedoids2', 'kmedoids3']\n"


def test_importing_the_package_does_not_import_scikit_learn():
    code = "import sys; from xchg import kmedoids; print('sklearn' in sys.modules)"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True,
                         env={"PYTHONPATH": ":".join(sys.path)})
    assert run.stdout == "False\n"


def test_the_attributes_agree_with_each_other():
    x = points(60, 3)
    model = kmedoids.KMedoids(4, init="build").fit(x)
    assert model.cluster_centers_.tolist() == x[model.medoid_indices_].tolist()
    assert model.inertia_ == pytest.approx(model.transform(x).min(axis=1).sum(), rel=1e-12)
    assert model.score(x) == pytest.approx(-model.inertia_, rel=1e-12)
    assert model.predict(x).tolist() == model.labels_.tolist()
    assert model.fit_predict(x).tolist() == model.labels_.tolist()
    assert model.n_features_in_ == 3 and model.n_iter_ == model.result_.statistics.rounds


@pytest.mark.parametrize("metric, parameters", [("euclidean", {}), ("manhattan", {}), ("minkowski", {"p": 3.0}),
                                                ("dtw", {"window": 1}), ("cosine", {}), ("chebyshev", {})])
def test_predict_gives_labels_and_transform_the_distances_of_the_metric(metric, parameters):
    x, new = points(40, 3), points(17, 3, seed=9)
    model = kmedoids.KMedoids(4, metric=metric, metric_params=parameters).fit(x)
    together = kmedoids.dissimilarity(np.concatenate([x, new]), metric, **parameters)
    table = np.array([[together.at(40 + o, medoid) for medoid in model.medoid_indices_] for o in range(17)])
    assert model.transform(new).tolist() == table.tolist()
    assert model.predict(new).tolist() == table.argmin(axis=1).tolist()
    assert set(model.predict(x).tolist()) == {0, 1, 2, 3}


def test_parameters_of_the_metric_are_used():
    x = points(80, 5)
    by_parameter = kmedoids.KMedoids(5, metric="minkowski", metric_params={"p": 1.0}).fit(x)
    by_name = kmedoids.KMedoids(5, metric="manhattan").fit(x)
    other = kmedoids.KMedoids(5, metric="minkowski").fit(x)
    assert by_parameter.inertia_ == pytest.approx(by_name.inertia_, rel=1e-12)
    assert other.inertia_ != pytest.approx(by_name.inertia_, rel=1e-3)
    with pytest.raises(xchg.InputError, match="has no parameter p"):
        kmedoids.KMedoids(5, metric_params={"p": 1.0}).fit(x)


def test_precomputed_dissimilarities_of_new_objects_are_those_to_all_objects_of_fit():
    x, new = points(40), points(7, seed=2)
    model = kmedoids.KMedoids(3, metric="precomputed", init="build").fit(distances(x))
    reference = kmedoids.KMedoids(3, init="build").fit(x)
    assert model.medoid_indices_.tolist() == reference.medoid_indices_.tolist()
    assert model.cluster_centers_ is None
    assert model.predict(distances(new, x)).tolist() == reference.predict(new).tolist()
    with pytest.raises(xchg.InputError, match=r"X has 3 features, but KMedoids is expecting 40 features"):
        model.predict(distances(new, x)[:, :3])
    with pytest.raises(xchg.InputError, match=r"X has shape \(7, 40\); expected a square matrix"):
        model.fit(distances(new, x))


def test_sample_weights_draw_the_medoids():
    x = points(40)
    heavy = np.ones(40)
    heavy[11] = 1e6
    assert kmedoids.KMedoids(1).fit(x, sample_weight=heavy).medoid_indices_.tolist() == [11]
    assert kmedoids.KMedoids(1).fit(x).score(x, sample_weight=2 * np.ones(40)) == pytest.approx(
        -2 * kmedoids.KMedoids(1).fit(x).inertia_)
    with pytest.raises(xchg.InputError, match=r"sample_weight has shape \(3,\); expected \(40,\)"):
        kmedoids.KMedoids(1).fit(x, sample_weight=[1, 2, 3])


def test_parameters_reach_the_engine():
    x = points(60)
    start = [3, 1, 4]
    model = kmedoids.KMedoids(3, init=start, max_iter=0).fit(x)
    assert model.medoid_indices_.tolist() == start and model.n_iter_ == 1
    assert kmedoids.KMedoids(3, n_init=4).fit(x).result_.statistics.restarts_done == 4
    assert kmedoids.KMedoids(3, method="fastpam1").fit(x).result_.method == "fastpam1"
    assert kmedoids.KMedoids(3, options={"skip": False}).fit(x).result_.statistics.skipped == 0
    with pytest.raises(TypeError, match="restart"):
        kmedoids.KMedoids(3, options={"restart": False}).fit(x)


def test_the_seed_may_be_a_number_or_a_generator():
    x = points(200)

    def medoids(random_state):
        return kmedoids.KMedoids(6, random_state=random_state, max_iter=0).fit(x).medoid_indices_.tolist()

    assert medoids(7) == medoids(7) == kmedoids.cluster(x, 6, "euclidean", seed=7, max_rounds=0).medoids.tolist()
    assert medoids(None) == medoids(1) != medoids(2)
    generator = np.random.RandomState(3)
    assert medoids(np.random.RandomState(3)) == medoids(generator) != medoids(generator)
    assert medoids(np.random.default_rng(3)) == medoids(np.random.default_rng(3))


def test_data_frames_keep_the_names_of_their_columns():
    pandas = pytest.importorskip("pandas")
    frame = pandas.DataFrame(points(30, 3), columns=["a", "b", "c"])
    model = kmedoids.KMedoids(3).fit(frame)
    assert model.feature_names_in_.tolist() == ["a", "b", "c"]
    assert model.predict(frame).tolist() == model.labels_.tolist()
    with pytest.raises(xchg.InputError, match="should match those that were passed during fit"):
        model.predict(frame[["c", "b", "a"]])
    with pytest.warns(UserWarning, match="does not have valid feature names"):
        model.predict(frame.to_numpy())
    assert not hasattr(model.fit(frame.to_numpy()), "feature_names_in_")


def test_a_pickled_estimator_predicts_the_same_and_forgets_the_training_data():
    x = points(2000, 20)
    model = kmedoids.KMedoids(5).fit(x)
    written = pickle.dumps(model)
    assert pickle.loads(written).predict(x).tolist() == model.labels_.tolist()
    assert len(written) < x.nbytes / 4


def test_an_estimator_that_was_not_fitted_says_so():
    with pytest.raises(xchg.InputError, match="not fitted"):
        kmedoids.KMedoids().predict(points(3))
    with pytest.raises(xchg.InputError, match="no parameter 'k'; expected n_clusters, metric"):
        kmedoids.KMedoids().set_params(k=3)
    with pytest.raises(xchg.InputError, match="X has 5 features, but KMedoids is expecting 2 features as input"):
        kmedoids.KMedoids(2).fit(points(9)).predict(points(3, 5))
    with pytest.raises(xchg.InputError, match="n_jobs is 0"):
        kmedoids.KMedoids(2, n_jobs=0).fit(points(9))
