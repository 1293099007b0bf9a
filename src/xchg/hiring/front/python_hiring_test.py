"""The Python face of hiring."""

import json
from fractions import Fraction
from math import inf
from pathlib import Path

import pytest

np = pytest.importorskip("numpy")
xchg = pytest.importorskip("xchg", reason="the Python package is not built (or PYTHONPATH does not name it)")
hiring = pytest.importorskip("xchg.hiring")

DATA = Path(__file__).resolve().parents[4] / "data" / "hiring"
AUDIT2 = DATA / "instances" / "audit2.json"
BLUEBIRDS3 = DATA / "instances" / "bluebirds3.json"


def test_the_random_audit_is_designed_and_proven():
    result = hiring.design(AUDIT2, payment_bound=1)
    assert result.value_exact == result.upper_bound_exact == Fraction(274, 455)
    assert result.incentive_compatible and result.attained and result.status == "optimal"
    assert {entry.profile: entry.probability for entry in result.support} == {
        ("rest", "work"): Fraction(41, 91), ("work", "rest"): Fraction(41, 91), ("work", "work"): Fraction(9, 91)}  # fmt: skip
    assert sum(result.expected_payments.values()) == Fraction(18, 91)
    assert result.ladder["own"] == pytest.approx(14 / 25)
    check = hiring.verify(AUDIT2, result)
    assert check.proven and check.upper_bound == Fraction(274, 455) and check.violation <= 0


def test_payments_are_a_dictionary_and_an_array():
    result = hiring.design(AUDIT2)
    both = result.support[-1]
    assert both.pay()[("worker", ("0", "0"), "0")] == 1
    assert result.payments.shape == (2, 4, 4, 2)
    assert result.payments[:, :3].sum() == 0
    assert result.payments[:, 3, 0].tolist() == [[1, 1], [1, 1]]
    assert sum(payment.amount for payment in both.payments) == result.payments.sum()


def test_instances_are_dictionaries_with_numbers_of_python():
    document = json.loads(AUDIT2.read_text())
    document["agents"][0]["costs"] = [0, Fraction(9, 100)]
    document["agents"][1]["costs"] = [0, 0.09]
    assert hiring.design(document, Fraction(1, 2)).value_exact == Fraction(119, 205)
    assert hiring.design(document, "0.5").value_exact == Fraction(119, 205)
    assert hiring.design(document, inf).supremum == pytest.approx(0.62)


def test_terms_reach_the_engine():
    assert hiring.design(AUDIT2, slack="0.01").value == pytest.approx(0.577777778, abs=1e-8)
    assert hiring.design(AUDIT2, cost_error=0.1).value == pytest.approx(0.580244173, abs=1e-8)
    assert hiring.design(AUDIT2, mechanism="det").value_exact == Fraction(14, 25)
    assert hiring.design(hiring.Instance.read(str(AUDIT2)).merged([0, 1])).value_exact == Fraction(14, 25)


def test_errors_are_those_of_xchg():
    with pytest.raises(xchg.errors.InputError, match="mechanism"):
        hiring.design(AUDIT2, mechanism="best")
    with pytest.raises(xchg.errors.InputError, match="/P/latent_prior"):
        document = json.loads(AUDIT2.read_text())
        document["P"]["latent_prior"] = ["1/3", "1/3"]
        hiring.design(document)
    with pytest.raises(xchg.errors.InputError, match="no number"):
        hiring.design(AUDIT2, payment_bound=[1])


def test_a_changed_certificate_is_not_proven():
    document = json.loads(hiring.design(AUDIT2).certificate)
    document["value"] = "611/1000"
    check = hiring.verify(AUDIT2, json.dumps(document))
    assert not check.proven and check.findings


def test_the_audit_finds_the_bad_equilibrium():
    found = hiring.audit(AUDIT2, hiring.design(AUDIT2), cost_factors=["11/10"])
    assert found["incentive_compatible"] and found["costs_off"][0]["gain"] > 0
    assert found["equilibria"][0]["principal"] == pytest.approx(0.302197802, abs=1e-9)
    assert found["coalitions"][0]["gain"] == pytest.approx(9 / 91)


def test_the_frontier_rises():
    points = hiring.frontier(AUDIT2, ["1/2", 1, inf])
    assert points[0].value == pytest.approx(119 / 205) and points[-1].payment_bound is None
    assert [point.value for point in points] == sorted(point.value for point in points)


def test_estimates_have_the_published_figures():
    panel = hiring.estimate(DATA / "bluebirds_panel.csv", like=BLUEBIRDS3, cost_per_label="1/250")
    assert hiring.design(panel, ladder=False, exact=False).value == pytest.approx(0.748599161, abs=1e-7)
    latent = hiring.estimate_pools(DATA / "bluebirds.csv", pools=3, efforts=[0, 1, 3, 5], cost_per_label="1/250")
    assert latent.fingerprint == hiring.Instance.read(str(BLUEBIRDS3)).fingerprint


def test_generated_instances_have_the_published_optimum():
    result = hiring.design(hiring.generate(seed=1), ladder=False, exact=False)
    assert result.value == pytest.approx(0.543199572745, abs=1e-8)


def test_regret_is_as_measured():
    simulation = hiring.simulate(AUDIT2, rounds=[1e5], seeds=3)
    assert simulation.curves[0].points[0].mean == pytest.approx(1.30e4, rel=0.25)
    assert simulation.optimum == pytest.approx(274 / 455)


def test_simulated_agents_are_learnt():
    learned = hiring.learn(AUDIT2, rounds=10**9)
    assert learned.finished and learned.rounds == 10**9 and not learned.fallback
    assert {entry.profile for entry in learned.support} >= {("rest", "work"), ("work", "rest"), ("work", "work")}


class Workers:
    """Honest agents of audit2 in Python, who choose menus by their true costs."""

    signal = (("0", "1"), ("0", "1"))

    def __init__(self):
        self.random = np.random.default_rng(1)
        self.phases = []

    def law(self, profile):
        law = np.zeros((4, 2))
        for w in (0, 1):
            s = 2 * (w if profile[0] == "work" else 0) + (w if profile[1] == "work" else 0)
            for state in (0, 1):
                law[s, state] += 0.5 * (0.8 if state == w else 0.2)
        return law

    def utility(self, agent, entry):
        law, position = self.law(entry.profile), ("worker", "checker").index(agent)
        pay = sum(float(p.amount) * law[2 * int(p.reports[0]) + int(p.reports[1]), int(p.state)]
                  for p in entry.payments if p.agent == agent)  # fmt: skip
        return pay - (0.09 if entry.profile[position] == "work" else 0)

    def __call__(self, request):
        self.phases.append(request.phase)
        support, chose = request.support, False
        if request.chooser:
            chose = self.utility(request.chooser, request.alternative[0]) > self.utility(request.chooser, support[0])
            support = request.alternative if chose else support
        rounds = self.random.multinomial(request.rounds, [float(entry.probability) for entry in support])
        counts = [self.random.multinomial(k, self.law(entry.profile).ravel()).reshape(4, 2)
                  for k, entry in zip(rounds, support, strict=True)]  # fmt: skip
        return np.array(counts), chose


def test_agents_may_be_python():
    workers = Workers()
    learned = hiring.learn(AUDIT2, workers, rounds=10**8)
    assert learned.finished and learned.rounds == 10**8
    assert set(workers.phases) == {"explore", "costs", "commit"}
    assert 0.5 < learned.promised < 0.61


def test_an_error_of_the_environment_goes_through():
    def broken(request):
        raise RuntimeError("no workers today")

    with pytest.raises(RuntimeError, match="no workers"):
        hiring.learn(AUDIT2, broken)
    with pytest.raises(xchg.errors.InputError):
        hiring.learn(AUDIT2, lambda request: np.zeros((1, 4, 2)))
    assert not hiring.learn(AUDIT2, Workers(), progress=lambda done, total, stage: False).finished
