"""`xchg hiring simulate`, `learn` and `estimate` as their users call them."""

import csv
import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

SOURCE = Path(__file__).resolve().parents[4]
PROGRAM = Path(os.environ.get("XCHG_BUILD", SOURCE / "build" / "release")) / "bin" / "xchg"
DATA = SOURCE / "data" / "hiring"
INSTANCES = DATA / "instances"
AUDIT2 = INSTANCES / "audit2.json"
PANEL = DATA / "bluebirds_panel.csv"
LATENT = ["--latent", "task", "--pools", "3", "--efforts", "0,1,3,5", "--cost-per-label", "1/250"]


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


# --- regret of simulated agents ---------------------------------------------------------------------------------------


def test_regret_of_the_random_audit_is_as_measured():
    result = result_of("simulate", AUDIT2, "--rounds", "1e5:1e7:3", "--seeds", 5)
    assert result["optimum"] == pytest.approx(274 / 455)
    (curve,) = result["curves"]
    assert [point["rounds"] for point in curve["points"]] == [100000, 1000000, 10000000]
    assert all(point["obeyed"] == 1 for point in curve["points"])
    assert curve["points"][0]["mean"] == pytest.approx(1.30e4, rel=0.25)
    assert curve["points"][2]["mean"] == pytest.approx(4.32e5, rel=0.25)


def test_curves_are_a_table_and_the_same_for_every_thread(tmp_path):
    arguments = ["simulate", AUDIT2, "--rounds", "1e5:1e6:2", "--seeds", 3, "--method", "hire_online,noslack"]
    runs = [xchg(*arguments, "--json", "--no-run", "--threads", threads) for threads in (1, 2)]
    assert runs[0].stdout == runs[1].stdout != ""
    out = tmp_path / "curves.csv"
    assert xchg(*arguments, "-o", out).returncode == 0
    with open(out, encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert [(row["method"], float(row["rounds"])) for row in rows] == [
        (method, rounds) for method in ("hire_online", "noslack") for rounds in (1e5, 1e6)]  # fmt: skip


@pytest.mark.parametrize(
    ("options", "word"),
    [
        (["--rounds", "10"], "at least"),
        (["--rounds", "1.5"], "--rounds"),
        (["--method", "guess"], "guess"),
        (["--agents", "angels"], "angels"),
    ],
)
def test_wrong_simulations_are_refused(options, word):
    assert word in error_line(xchg("simulate", AUDIT2, *options))


# --- real rounds ------------------------------------------------------------------------------------------------------


def play(request, path):
    """Rounds in which everybody reports his first signal and the first state comes out."""
    profile = "|".join(request["support"][0]["profile"])
    rows = [f"{k},{profile},0,0,0," for k in range(request["rounds"])]
    path.write_text("\n".join(["round,profile,report_1,report_2,state,menu_choice", *rows]) + "\n")


def test_real_rounds_are_observed_one_request_after_the_other(tmp_path):
    state, rounds = tmp_path / "state.json", tmp_path / "rounds.csv"
    first = result_of("learn", AUDIT2, "--state", state, "--rounds", "1e4")
    assert first["phase"] == "explore" and first["played"] == 0
    assert result_of("learn", AUDIT2, "--state", state)["support"] == first["support"]
    play(first, rounds)
    second = result_of("learn", AUDIT2, "--state", state, "--observe", rounds)
    assert second["played"] == first["rounds"]
    play(second, rounds)
    third = xchg("learn", AUDIT2, "--state", state, "--observe", rounds)
    assert third.returncode == 0 and "asked for worker:" in third.stdout


def test_wrong_rounds_leave_the_state_as_it_was(tmp_path):
    state, rounds = tmp_path / "state.json", tmp_path / "rounds.csv"
    result_of("learn", AUDIT2, "--state", state, "--rounds", "1e4")
    before = state.read_bytes()
    rounds.write_text("round,profile,report_1,report_2,state,menu_choice\n0,rest|rest,7,0,0,\n")
    run = xchg("learn", AUDIT2, "--state", state, "--observe", rounds, "-o", tmp_path / "next.json")
    assert "rounds.csv:2" in error_line(run)
    assert state.read_bytes() == before
    assert sorted(os.listdir(tmp_path)) == ["rounds.csv", "state.json"]


def test_a_state_is_not_begun_twice(tmp_path):
    state = tmp_path / "state.json"
    assert "first call" in error_line(xchg("learn", AUDIT2, "--state", state, "--observe", PANEL))
    result_of("learn", AUDIT2, "--state", state)
    assert "--rounds" in error_line(xchg("learn", AUDIT2, "--state", state, "--rounds", "1e5"))


# --- from data --------------------------------------------------------------------------------------------------------


def test_the_panel_promises_too_much_and_the_warning_says_so(tmp_path):
    out = tmp_path / "inst.json"
    run = xchg("estimate", PANEL, "--like", INSTANCES / "bluebirds3.json", "-o", out)
    assert run.returncode == 0
    assert "0.748599161" in run.stdout and "warning" in run.stderr
    table = json.loads(out.read_text())["P"]["table"]
    numbers = [[eval_fraction(cell) for cell in row] for row in table[-1]]
    assert numbers[0] == pytest.approx([0.37906744, 0.08309194], abs=5e-9)


def eval_fraction(text):
    numerator, _, denominator = text.partition("/")
    return int(numerator) / int(denominator or 1)


def test_the_latent_instance_is_the_published_one(tmp_path):
    out = tmp_path / "inst.json"
    assert xchg("estimate", DATA / "bluebirds.csv", *LATENT, "-o", out).returncode == 0
    made, exact = json.loads(out.read_text()), json.loads((INSTANCES / "bluebirds3.json").read_text())
    assert made["P"] == exact["P"]
    assert [agent["costs"] for agent in made["agents"]] == [["0", "1/250", "3/250", "1/50"]] * 3


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("0,vendor A,0,no,", ["panel.csv:1298", "truth"]),
        ("0,vendor A,7,no,indigo bunting", ["panel.csv:1298", "7"]),
        ("0,vendor A,5,maybe,indigo bunting", ["panel.csv:1298", "maybe"]),
        ("0,vendorA,5,no,indigo bunting", ["panel.csv:1298", "vendor A"]),
        ("0,vendor A,5,no,other bird", ["panel.csv:1298"]),
    ],
)
def test_wrong_panels_are_refused_with_the_line_and_nothing_is_left(tmp_path, row, words):
    shutil.copy(PANEL, tmp_path / "panel.csv")
    with open(tmp_path / "panel.csv", "a", encoding="utf-8") as file:
        file.write(row + "\n")
    run = xchg("estimate", "panel.csv", "--like", INSTANCES / "bluebirds3.json", "-o", "inst.json", cwd=tmp_path)
    line = error_line(run)
    assert all(word in line for word in words), line
    assert os.listdir(tmp_path) == ["panel.csv"]


def test_options_without_effect_are_refused():
    assert "--pools" in error_line(xchg("estimate", PANEL, "--pools", 3))
    assert "--alpha" in error_line(xchg("estimate", DATA / "bluebirds.csv", *LATENT, "--alpha", 2))
