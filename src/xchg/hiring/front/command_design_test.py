"""`xchg hiring design`, `verify`, `show`, `frontier`, `generate` as their users call them."""

import inspect
import json
import os
import shlex
import shutil
import subprocess
from fractions import Fraction
from pathlib import Path

import pytest

SOURCE = Path(__file__).resolve().parents[4]
PROGRAM = Path(os.environ.get("XCHG_BUILD", SOURCE / "build" / "release")) / "bin" / "xchg"
DATA = SOURCE / "data" / "hiring"
INSTANCES = DATA / "instances"
AUDIT2 = INSTANCES / "audit2.json"
VERBS = ["audit", "design", "verify", "show", "frontier", "estimate", "generate", "simulate", "learn"]


def xchg(verb, *arguments, **options):
    command = [str(PROGRAM), "hiring", verb, *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False, **options)


def result_of(verb, *arguments, **options):
    run = xchg(verb, *arguments, "--json", **options)
    assert run.returncode == 0, run.stderr
    return json.loads(run.stdout)


def error_line(run, status=2):
    """The one line of an error, whose exit status must be `status` and which must print nothing else to stdout."""
    assert run.returncode == status, run
    assert run.stdout == ""
    lines = [line for line in run.stderr.splitlines() if line.startswith("xchg: error: ")]
    assert len(lines) == 1, run.stderr
    return lines[0]


def changed(tmp_path, change, source=AUDIT2):
    """A copy of an instance with something changed."""
    document = json.loads(Path(source).read_text())
    change(document)
    path = tmp_path / "changed.json"
    path.write_text(json.dumps(document))
    return path


# --- the best mechanism -----------------------------------------------------------------------------------------------


def test_the_random_audit_is_designed_printed_and_proven(tmp_path):
    run = xchg("design", AUDIT2, "--bound", 1, "-o", "mech.json", "--certificate", "cert.json", cwd=tmp_path)
    assert run.returncode == 0, run.stderr
    assert "274/455" in run.stdout
    assert "41/91" in run.stdout and "9/91" in run.stdout and "18/91" in run.stdout
    assert "if worker says 0 and checker says 0: pay worker 1, checker 1" in run.stdout
    assert "if checker says 1: decide 1" in run.stdout
    assert "only equilibrium" in run.stdout
    proof = xchg("verify", AUDIT2, "cert.json", cwd=tmp_path)
    assert proof.returncode == 0 and proof.stdout.endswith("proven\n"), proof
    shown = xchg("show", "mech.json", cwd=tmp_path)
    assert shown.returncode == 0 and shown.stdout in run.stdout.replace("\n\nWhat simpler", "\n\0"), shown


def test_json_has_the_members_of_the_result_and_exact_fractions():
    result = result_of("design", AUDIT2)
    assert result["value_exact"] == result["upper_bound_exact"] == "274/455"
    assert result["value"] == pytest.approx(274 / 455, abs=1e-15)
    assert result["attained"] is True and result["ic"] == "exact" and result["status"] == "optimal"
    assert {tuple(entry["profile"]): entry["probability_exact"] for entry in result["support"]} == {
        ("rest", "work"): "41/91", ("work", "rest"): "41/91", ("work", "work"): "9/91"}  # fmt: skip
    pay = [Fraction(result["expected_payments"][f"{name}_exact"]) for name in ("worker", "checker")]
    assert sum(pay) == Fraction(18, 91)
    assert result["ladder"]["own"] == pytest.approx(14 / 25) and result["ladder"]["product"] == pytest.approx(0.5876)
    assert result["engine"] == "hiring" and result["options"]["instance"] == str(AUDIT2) and "run" in result


def test_a_supremum_is_called_one():
    run = xchg("design", AUDIT2, "--bound", "inf")
    assert run.returncode == 0 and "0.62, not attained" in run.stdout
    result = result_of("design", AUDIT2, "--bound", "inf", "--epsilon", 1e-3)
    assert result["attained"] is False and result["supremum"] == pytest.approx(0.62, abs=1e-9)
    assert 0.619 <= result["value"] < 0.62 and result["largest_payment"] >= 16.29


def test_terms_reach_the_engine():
    assert result_of("design", AUDIT2, "--slack", 0.01)["value"] == pytest.approx(0.577777778, abs=1e-8)
    assert result_of("design", AUDIT2, "--cost-error", "1/10")["value"] == pytest.approx(0.580244173, abs=1e-8)
    assert result_of("design", AUDIT2, "--merge", "0,1")["value_exact"] == "14/25"
    assert result_of("design", AUDIT2, "--class", "det")["value_exact"] == "14/25"
    assert result_of("design", AUDIT2, "--bound", "1/2")["value_exact"] == "119/205"


def test_the_same_bytes_twice():
    first, second = (xchg("design", INSTANCES / "weather3.json", "--json", "--no-run").stdout for _ in range(2))
    assert first == second != ""


def test_the_frontier_rises_and_is_a_table(tmp_path):
    out = tmp_path / "frontier.csv"
    result = result_of("frontier", AUDIT2, "--bounds", "1/2,1,2,inf", "-o", out)
    points = {point["payment_bound_exact"]: point["value"] for point in result["points"]}
    assert points["1"] == pytest.approx(274 / 455) and points["1/2"] == pytest.approx(119 / 205)
    values = [point["value"] for point in result["points"]]
    assert values == sorted(values) and result["points"][-1]["payment_bound"] is None
    lines = out.read_text().splitlines()
    assert lines[0] == "payment_bound,value,expected_payment" and len(lines) == 1 + len(values)


def test_generated_instances_have_the_published_optimum(tmp_path):
    path = tmp_path / "gen.json"
    assert xchg("generate", "--seed", 1, "-o", path).returncode == 0
    result = result_of("design", path, "--no-ladder", "--no-exact")
    assert result["value"] == pytest.approx(0.543199572745, abs=1e-8)


def test_a_changed_certificate_is_not_proven(tmp_path):
    path = tmp_path / "cert.json"
    assert xchg("design", AUDIT2, "--certificate", path).returncode == 0
    document = json.loads(path.read_text())
    document["value"] = "611/1000"
    path.write_text(json.dumps(document))
    run = xchg("verify", AUDIT2, path)
    assert run.returncode == 10 and "WRONG" in run.stdout
    assert xchg("verify", INSTANCES / "double2.json", path).returncode in (2, 10)


def test_the_audit_finds_the_bad_equilibrium_and_the_coalition(tmp_path):
    path = tmp_path / "mech.json"
    assert xchg("design", AUDIT2, "-o", path).returncode == 0
    found = result_of("audit", AUDIT2, path, "--costs-off", "0.2")
    assert found["incentive_compatible"] is True and Fraction(found["violation_exact"]) <= 0
    worst = found["equilibria"][0]
    assert not worst["honest"] and worst["principal"] == pytest.approx(0.302197802, abs=1e-9)
    assert {reaction["effort"] for reaction in worst["reactions"]} == {"rest"}
    (coalition,) = found["coalitions"]
    assert coalition["members"] == ["worker", "checker"] and coalition["gain"] == pytest.approx(9 / 91)
    assert [off["factor"] for off in found["costs_off"]] == [0.8, 1.2] and found["costs_off"][1]["gain"] > 0
    text = xchg("audit", AUDIT2, path).stdout
    assert "0.3022" in text or "0.302198" in text


# --- wrong input ------------------------------------------------------------------------------------------------------


def set_probability(value):
    def change(document):
        document["P"]["latent_prior"][0] = value

    return change


def set_cost(value):
    def change(document):
        document["agents"][0]["costs"][1] = value

    return change


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (set_probability("1/3"), ["/P/latent_prior", "5/6"]),
        (set_probability("-1/2"), ["/P/latent_prior/0", "negative"]),
        (set_probability("1/0"), ["/P/latent_prior/0"]),
        (set_probability("nan"), ["/P/latent_prior/0"]),
        (set_cost("-1"), ["/agents/0/costs/1", "negative"]),
        (set_cost("inf"), ["/agents/0/costs/1"]),
        (lambda document: document.update(utillity=[]), ["utillity"]),
        (lambda document: document["agents"][1].update(name="worker"), ["/agents/1/name", "twice"]),
        (lambda document: document.update(utility=["1", "0"]), ["/utility/0"]),
    ],
)
def test_a_wrong_instance_is_refused_and_nothing_is_left(tmp_path, change, words):
    path = changed(tmp_path, change)
    run = xchg("design", path, "-o", tmp_path / "mech.json", "--certificate", tmp_path / "cert.json")
    line = error_line(run)
    assert all(word in line for word in words), line
    assert os.listdir(tmp_path) == [path.name]


def test_decimals_that_nearly_sum_to_one_are_scaled_and_it_is_said(tmp_path):
    def change(document):
        document["P"]["latent_prior"] = ["0.5000000001", "0.5"]

    run = xchg("design", changed(tmp_path, change))
    assert run.returncode == 0 and "scaled" in run.stderr


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--bound", "-1"], ["--bound", "-1"]),
        (["--bound", "much"], ["--bound", "much"]),
        (["--slack", "x"], ["--slack"]),
        (["--cost-error", "2"], ["2"]),
        (["--outside", "1,1,1"], ["outside"]),
        (["--merge", "0,7"], ["7"]),
        (["--class", "best"], ["--class"]),
    ],
)
def test_wrong_options_are_refused(options, words):
    run = xchg("design", AUDIT2, *options)
    line = error_line(run)
    assert all(word in line for word in words), line


def test_nothing_is_paid_under_a_bound_of_0():
    result = result_of("design", AUDIT2, "--bound", 0)
    assert result["value_exact"] == "1/2" and result["largest_payment_exact"] == "0"


def test_an_agent_without_a_free_effort_is_warned_of(tmp_path):
    run = xchg("design", INSTANCES / "nofree2.json", "--json")
    assert run.returncode == 0 and "no free effort" in run.stderr
    assert json.loads(run.stdout)["value_exact"] == "11/25"


# --- examples ---------------------------------------------------------------------------------------------------------


def example_lines(verb):
    return [line.strip() for line in xchg(verb, "--help").stdout.splitlines() if line.startswith("  xchg ")]


@pytest.mark.parametrize("verb", VERBS)
def test_the_examples_of_the_help_run(tmp_path, verb):
    for file in [*INSTANCES.glob("*.json"), *DATA.glob("*.csv")]:
        shutil.copy(file, tmp_path)
    assert xchg("design", "audit2.json", "-o", "mech.json", "--certificate", "cert.json", cwd=tmp_path).returncode == 0
    lines = example_lines(verb)
    assert lines
    for line in lines:
        run = subprocess.run([str(PROGRAM), *shlex.split(line)[1:]], cwd=tmp_path, capture_output=True, text=True,
                             timeout=60, check=False)  # fmt: skip
        assert run.returncode == 0, inspect.cleandoc(f"{line}\n{run.stderr}")
