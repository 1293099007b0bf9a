"""Bad input to `xchg dag`: one line that says what, where and what was expected; exit 2 or 3; nothing left behind."""

import json
import os
import subprocess
from pathlib import Path

import pytest

SOURCE = Path(__file__).resolve().parents[4]
PROGRAM = Path(os.environ.get("XCHG_BUILD", SOURCE / "build" / "release")) / "bin" / "xchg"
DATA = SOURCE / "data" / "dag"
GRAM = [DATA / "gram_er4_20.csv", "--n", "1000"]


def xchg(verb, *arguments, **options):
    command = [str(PROGRAM), "dag", verb, *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False, **options)


def error_line(run, status=2):
    """The one line of an error, whose exit status must be `status` and which must print nothing else to stdout."""
    assert run.returncode == status, run
    assert run.stdout == ""
    lines = [line for line in run.stderr.splitlines() if line.startswith("xchg: error: ")]
    assert len(lines) == 1, run.stderr
    return lines[0]


@pytest.fixture
def learn(tmp_path):
    """Learns from a table given as text, into a folder."""
    def run(text, *arguments, name="t.csv"):
        (tmp_path / name).write_bytes(text if isinstance(text, bytes) else text.encode())
        return xchg("learn", name, *arguments, "-o", "out", cwd=tmp_path)
    run.folder = tmp_path
    return run


def result_in(folder):
    return json.loads((folder / "out" / "result.json").read_text())


def numbers(count, factor=7919):
    """Numbers without a pattern that matters here."""
    return [(factor * (k * k + 3 * k + 1)) % 1009 / 100 for k in range(count)]


def table(columns, header=None):
    rows = zip(*columns)
    lines = [",".join(header or [f"c{j}" for j in range(len(columns))])]
    return "\n".join(lines + [",".join(map(str, row)) for row in rows]) + "\n"


A, B, C = numbers(40), numbers(40, 6007), numbers(40, 4001)
HOLE = table([A[:5] + [""] + A[6:], B, C[:7] + ["NA"] + C[8:]], ["a", "b", "c"])


@pytest.mark.parametrize("text, arguments, said", [
    # Missing values.
    (HOLE, [], ['t.csv:7, column 1: column "a" has a missing value; 2 in all', "--missing listwise"]),
    (table([A[:5] + ["oops"] + A[6:], B]), [], ["t.csv:7, column 1", '"c0"', '"oops"', "--ignore"]),
    ("a,b\n1,2\n,3\n4,\n", ["--missing", "listwise"], ["1 row"]),
    ("a,b\n,2\n4,\n", ["--missing", "listwise"], ["t.csv: every row has a missing value"]),
    ("a,b,c\n1,1,\n2,2,\n,3,3\n,4,4\n1,,4\n2,,3\n3,,2\n", ["--missing", "pairwise"],
     ["not positive definite", "smallest eigenvalue", "--missing em"]),
    ("a,b\n1,2\n3,inf\n", [], ["t.csv:3, column 2", "infinite", "finite numbers"]),
    # Columns that do not vary or follow from others.
    (table([A, [5] * 40, B, [0.1] * 40]), [], ['constant: "c1" and "c3"', "--drop-constant"]),
    (table([A, B, A]), [], ['"c0" and "c2"', "depend on each other", "--score ridge or l1"]),
    (table([A, B, [a - 2 * b for a, b in zip(A, B)]]), [], ['"c0", "c1" and "c2"', "depend on each other"]),
    (table([A[:3], B[:3], C[:3], numbers(3, 97)]), [], ["3 observations of 4 variables", "ridge"]),
    (table([A, B, A]), ["--score", "bic"], ["depend on each other"]),
    # Text.
    (table([A, ["u", "v", "w", "u"] * 10]), [], ["t.csv:2, column 2", '"c1" is not numeric', "--ignore, --where or --regime"]),
    (table([A, ["no", "yes"] * 20]), [], ["t.csv:2, column 2", "two values", "--two-valued", "logistic"]),
    # Scores that take only some values.
    (table([[0, 1] * 20, [0, 1, 1, 2] * 10]), ["--score", "logistic"], ["row 4", '"c1"', "2", "columns of 0 and 1"]),
    (table([[0, 1] * 20, [0, 1, 1, -2] * 10]), ["--score", "poisson"], ["row 4", '"c1"', "-2"]),
    (table([[0, 1] * 20, [0, 1, 1.5, 2] * 10]), ["--score", "poisson"], ["row 3", '"c1"', "1.5"]),
    # Sizes.
    ("a\n1\n", [], ["1 row", "at least 2"]),
    ("a,b\n1,2\n", [], ["1 row", "at least 2"]),
    ("a,b\n", [], ["t.csv:1", "header and no row"]),
    ("", [], ["t.csv"]),
    # Values that are too large.
    (table([[1e200 * a for a in A], B]), [], ['"c0"', "overflow"]),
    # The table's form.
    ("a,b,a\n1,2,3\n4,5,7\n", [], ['columns 1 and 3 are both named "a"', "different names"]),
    ("a,b\n1,2\n3\n", [], ["t.csv:3"]),
    ('a,b\n1,"2\n', [], ["t.csv:2"]),
    # Rows and columns that are asked for.
    ("a,b\n1,2\n3,5\n", ["--where", "a=9"], ["no row has a = '9'"]),
    ("a,b\n1,2\n3,5\n", ["--where", "a"], ["COLUMN=VALUE"]),
    ("alpha,b\n1,2\n3,5\n", ["--where", "alpah=1"], ["alpah", "alpha"]),
    ("alpha,b\n1,2\n3,5\n", ["--ignore", "alpah"], ["alpah", "alpha"]),
    ("alpha,b\n1,2\n3,5\n", ["--ignore", "alpha,b"], ["no column is left"]),
    ("a,b\n1,2\n-3,5\n", ["--transform", "log"], ["t.csv:3", '"a"', "-3"]),
    ("a,b\n1,2\n3,5\n", ["--transform", "exp"], ["exp", "log"]),
    ("alpha,b\n1,2\n3,5\n", ["--transform", "alpah=rank"], ["alpah", "alpha"]),
    ("a,b\n1,2\n3,5\n", ["--regime", "how"], ["how"]),
    # Matrices that are no Gram matrices.
    ("1,2\n2.1,5\n", ["--n", "10"], ["t.csv", "not symmetric", "row 1, column 2 holds 2, row 2, column 1 holds 2.1"]),
    ("1,2\n2,1\n", ["--n", "10"], ["t.csv", "not positive definite", "smallest eigenvalue", "-1"]),
    ("1,2,3\n2,5,1\n", ["--n", "10"], ["t.csv", "2 by 3", "square"]),
    ("1,0\n0,0\n", ["--n", "10"], ["t.csv", "variance 0"]),
    ("2,1\n1,2\n", ["--n", "1"], ["n = 1", "at least 2"]),
    ("2,1\n1,2\n", ["--n", "0"], ["--n"]),
    ("2,1\n1,2\n", ["--n", "10", "--ignore", "0"], ["--n"]),
    ("2,1\n1,2\n", ["--n", "10", "--score", "logistic"], ["needs the rows"]),
    ("2,1\n1,2\n", ["--n", "10", "--bootstrap", "5"], ["needs the rows"]),
    ("3,1,0\n1,2,1\n0,1,2\n", [], ["square and symmetric", "--n ROWS"]),
])
def test_bad_tables_give_one_line_and_leave_nothing(learn, text, arguments, said):
    line = error_line(learn(text, *arguments))
    for part in said:
        assert part in line
    assert os.listdir(learn.folder) == ["t.csv"]


@pytest.mark.parametrize("arguments, said", [
    (["nope.csv"], ["nope.csv: cannot open"]),
    ([DATA], ["folder"]),
    ([*GRAM, "--score", "least-square"], ["--score", "least-squares"]),
    ([*GRAM, "--method", "exakt"], ["--method", "exact"]),
    ([*GRAM, "--treshold", "1"], ["did you mean '--threshold'?"]),
    ([*GRAM, "--restarts", "0"], ["restarts is 0", "1 to "]),
    ([*GRAM, "--alpha", "1"], ["alpha is 1", "between 0 and 1"]),
    ([*GRAM, "--threads", "-1"], ["number of threads is -1"]),
    ([*GRAM, "--time-limit", "0"], ["--time-limit"]),
    ([*GRAM, "--exact", "--method", "topo"], ["--exact and --method topo exclude each other"]),
    ([*GRAM, "--order", "0", "--start", "random"], ["--order and --start exclude each other"]),
    ([*GRAM, "--score", "ridge", "--lambda2", "-1"], ["lambda2 is -1", "0 to "]),
    # Sizes of TOPO.
    ([*GRAM, "--method", "topo", "--size-small", "191"], ["size of the small set is 191", "1 to 190"]),
    ([*GRAM, "--method", "topo", "--size-large", "-3"], ["size of the large set is -3", "1 to 190"]),
    # Options that would do nothing.
    ([*GRAM, "--size-small", "5"], ["--size-small has no effect with --method insert", "--method topo"]),
    ([*GRAM, "--lambda1", "5"], ["--lambda1 has no effect with --score least-squares", "l1"]),
    ([*GRAM, "--l1"], ["--l1 has no effect with --score least-squares", "logistic or poisson"]),
    ([*GRAM, "--score", "poisson", "--lambda1", "1"], ["--lambda1 has no effect with --score poisson", "--l1"]),
    ([*GRAM, "--degree", "2"], ["--degree has no effect", "additive"]),
    ([*GRAM, "--exact-limit", "30"], ["--exact-limit has no effect", "--exact"]),
    ([*GRAM, "--prune", "bic", "--threshold", "0.5"], ["--threshold has no effect with --prune bic"]),
    ([*GRAM, "--method", "branch-and-bound", "--score", "bic"], ["branch and bound is for least squares", "--exact"]),
    ([DATA / "binary5.csv", "--score", "logistic", "--prune", "t-test"], ["threshold only", "--prune threshold or none"]),
    # Starts.
    ([*GRAM, "--order", "0,1,2"], ["no permutation", "missing 3, 4"]),
    ([*GRAM, "--order", ",".join(map(str, [*range(20), 7]))], ["no permutation", "repeated 7"]),
    ([*GRAM, "--order", "0,1,x"], ["'x'", "no variable"]),
    ([*GRAM, "--start", "minvr"], ["--start is 'minvr'", "minvar, random, identity, variance"]),
    ([*GRAM, "--start", DATA / "truth_er4_50.csv"], ["truth_er4_50.csv", "50", "20"]),
    ([*GRAM, "--truth", DATA / "truth_er4_50.csv"], ["truth_er4_50.csv", "50", "20"]),
])
def test_wrong_usage_is_one_line_and_exit_2(arguments, said, tmp_path):
    line = error_line(xchg("learn", *arguments, cwd=tmp_path))
    for part in said:
        assert part in line
    assert not os.listdir(tmp_path)


@pytest.mark.parametrize("text, said", [
    ("0,nan\n1,0\n", ["start.csv:1, column 2", "missing", "a number"]),
    ("0,1\n0,2\n", ["2 on its diagonal", "row 2"]),
    ("0,1,0\n0,0,1\n", ["start.csv", "2 by 3"]),
    ("0,1,0\n0,0,1\n0,0,0\n", ["start.csv", "3 nodes", "2 variables"]),
    ("a,z\n0,1\n0,0\n", ['start.csv', '"z"', "no variable"]),
    ("digraph { a -> z }", ['start.csv', '"z"', "no variable"]),
    ("digraph { a -> b", ['start.csv']),
    ('<graphml><graph><node id="a"/>', ["start.csv:1"]),
    ('{"nodes": [{"id": "a"}, {"id": "b"}], "links": [{"source": "a"}]}', ["start.csv", "/links/0", "target"]),
    ("", ["start.csv", "empty"]),
])
def test_bad_start_graphs(learn, text, said):
    (learn.folder / "start.csv").write_text(text)
    line = error_line(learn(table([A, B], ["a", "b"]), "--start", "start.csv"))
    for part in said:
        assert part in line
    assert sorted(os.listdir(learn.folder)) == ["start.csv", "t.csv"]


@pytest.mark.parametrize("text, said", [
    ('{"required": [["a","b"],["b","c"],["c","a"]]}', ["a before b (required)", "b before c", "c before a"]),
    ('{"required": [["b","a"]], "tiers": [["a"],["b"]]}', ["b before a (required)", "a before b (tiers 1, 2)"]),
    ('{"required": [["a","b"]], "forbidden": [["a","b"]]}', ["requires a -> b and forbids it"]),
    ('{"required": [["a","b"]], "roots": ["b"]}', ["a -> b", "root"]),
    ('{"required": [["a","zebra"]]}', ["k.json at /required/0/1: no variable is named 'zebra'; known: a, b, c; expected"]),
    ('{"requires": []}', ["k.json", "requires", "required"]),
    ('{"required": [["a"]]}', ["k.json at /required/0", 'two: ["from", "to"]']),
    ('{"tiers": [["a"],["a","b"]]}', ['"a" in two tiers']),
    ('{"targets": {"x": ["a"]}}', ["--regime COLUMN"]),
    ('{"required": [', ["k.json:1"]),
    ('[]', ["k.json", "object"]),
])
def test_bad_knowledge(learn, text, said):
    (learn.folder / "k.json").write_text(text)
    line = error_line(learn(table([A, B, C], ["a", "b", "c"]), "--knowledge", "k.json"))
    for part in said:
        assert part in line
    assert sorted(os.listdir(learn.folder)) == ["k.json", "t.csv"]


def test_mistyped_names_bring_the_nearest(learn):
    (learn.folder / "k.json").write_text('{"required": [["raf", "mec"]]}')
    text = table([A, B, C], ["raf", "mek", "erk"])
    said = "'mec'; did you mean 'mek'?"
    assert said in error_line(learn(text, "--knowledge", "k.json"))
    assert said.replace("'mec'", "'mec', which is no variable") in error_line(learn(text, "--order", "raf,mec,erk"))
    (learn.folder / "start.csv").write_text("raf,mec,erk\n0,1,0\n0,0,1\n0,0,0\n")
    assert "did you mean 'mek'?" in error_line(learn(text, "--start", "start.csv"))


def test_targets_must_name_a_regime_that_rows_have(learn):
    (learn.folder / "k.json").write_text('{"targets": {"sett": ["a"]}}')
    text = table([A, B, ["set", "free"] * 20], ["a", "b", "how"])
    line = error_line(learn(text, "--regime", "how", "--knowledge", "k.json"))
    assert "'sett'" in line
    assert "'set'" in line


@pytest.mark.parametrize("arguments", [
    [DATA / "gram_er4_50.csv", "--n", "1000", "--exact"],
    [DATA / "gram_er4_20.csv", "--n", "1000", "--exact", "--exact-limit", "19"],
    [DATA / "gram_er4_20.csv", "--n", "1000", "--exact", "--memory", "1MiB"],
])
def test_exact_over_its_limit_is_exit_3_with_nodes_and_bytes(arguments, tmp_path):
    line = error_line(xchg("learn", *arguments, "-o", tmp_path / "out"), 3)
    assert ("50" if "gram_er4_50" in str(arguments[0]) else "20") in line
    assert "iB" in line
    assert not os.listdir(tmp_path)


# --- what is unusual and good ------------------------------------------------------------------------------------------


def test_rows_with_missing_values_are_dropped_paired_or_estimated(learn):
    assert "2 rows with missing values left out, 38 kept" in learn(HOLE, "--missing", "listwise").stderr
    for missing in ("pairwise", "em"):
        assert learn(HOLE, "--missing", missing, "--force").returncode == 0
        assert result_in(learn.folder)["options"]["missing"] == missing


def test_constant_columns_are_dropped_on_request(learn):
    run = learn(table([A, [5] * 40, B]), "--drop-constant")
    assert 'left out as constant: "c1"' in run.stderr
    assert result_in(learn.folder)["names"] == ["c0", "c2"]


@pytest.mark.parametrize("arguments", [["--score", "ridge"], ["--score", "l1"], ["--score", "ridge", "--prune", "none"],
                                       ["--score", "ridge", "--prune", "bic"], ["--score", "l1", "--prune", "threshold"]])
@pytest.mark.parametrize("columns", [[A, B, A], [A, B, [a - 2 * b for a, b in zip(A, B)], C],
                                     [A[:4], B[:4], C[:4], numbers(4, 97), numbers(4, 89)]])
def test_dependent_columns_have_a_penalised_score(learn, columns, arguments):
    run = learn(table(columns), *arguments, "--verify")
    assert run.returncode == 0, run.stderr
    result = result_in(learn.folder)
    assert len(result["edges"]) < len(columns) * (len(columns) - 1) / 2 or "none" not in arguments


def test_two_valued_text_becomes_numbers_on_request(learn):
    run = learn(table([["no", "yes"] * 20, [0, 1, 1, 0] * 10]), "--two-valued", "--score", "logistic")
    assert run.returncode == 0, run.stderr
    assert '0 is "no", 1 is "yes"' in run.stderr


def test_one_and_two_variables_are_proven(learn):
    assert learn(table([A])).returncode == 0
    result = result_in(learn.folder)
    variance = sum((a - sum(A) / 40) ** 2 for a in A) / 40
    assert (result["order"], result["edges"], result["status"]) == (["c0"], [], "optimal")
    assert result["score_order"] == pytest.approx(variance / 2, rel=1e-12)
    assert learn(table([A, B]), "--force").returncode == 0
    assert result_in(learn.folder)["status"] == "optimal"


@pytest.mark.parametrize("unit", [1e-150, 1e150])
def test_extreme_units_give_the_same_graph_in_their_units(learn, unit):
    assert learn(table([A, [a + b for a, b in zip(A, B)], C])).returncode == 0
    usual = result_in(learn.folder)
    columns = [A, [a + b for a, b in zip(A, B)], C]
    assert learn(table([[unit * x for x in column] for column in columns]), "--force").returncode == 0
    scaled = result_in(learn.folder)
    assert scaled["order"] == usual["order"]
    assert scaled["score_order"] == pytest.approx(unit * unit * usual["score_order"], rel=1e-9)
    assert [edge["weight"] for edge in scaled["edges"]] == pytest.approx([edge["weight"] for edge in usual["edges"]], rel=1e-9)


@pytest.mark.parametrize("text", [
    "\ufeffa,b\r\n1,2\r\n3,1\r\n-1,0.5\r\n",
    "a;b\n1;2\n3;1\n-1;0.5\n",
    "a\tb\n1\t2\n3\t1\n-1\t0.5\n",
    '"a","b"\n"1","2"\n3,1\n-1,0.5\n',
])
def test_tables_of_other_programs_are_read(learn, text):
    assert learn(text).returncode == 0
    result = result_in(learn.folder)
    assert result["names"] == ["a", "b"]
    expected = xchg("score", "-", "--order", "a,b", input="a,b\n1,2\n3,1\n-1,0.5\n").stdout
    assert float(xchg("score", learn.folder / "t.csv", "--order", "a,b").stdout) == float(expected)


@pytest.mark.parametrize("damage, said", [
    (lambda r: r.pop("order"), "order"),
    (lambda r: r["order"].__setitem__(0, "zz"), "/order/0"),
    (lambda r: r.update(score="best"), "/score"),
    (lambda r: r["edges"][0].update(weight="x"), "/edges/0/weight"),
])
def test_damaged_result_files_are_input_errors(damage, said, tmp_path):
    result = tmp_path / "result.json"
    claimed = json.loads(xchg("learn", *GRAM, "--json").stdout)
    damage(claimed)
    result.write_text(json.dumps(claimed))
    assert said in error_line(xchg("verify", GRAM[0], result))
    result.write_text("{")
    assert "result.json:1" in error_line(xchg("verify", GRAM[0], result))


def test_mistyped_verbs_name_the_nearest():
    assert "did you mean 'learn'?" in error_line(xchg("lern"))


@pytest.mark.parametrize("arguments, said", [
    ([], ["-o FOLDER"]),
    (["-o", "sim", "-d", "0"], ["0", "at least 1"]),
    (["-o", "sim", "-n", "0"], ["0", "at least 1"]),
    (["-o", "sim", "--weights", "2:1"], ["2:1", "lo <= hi"]),
    (["-o", "sim", "--mechanism", "line"], ["--mechanism", "linear"]),
])
def test_what_cannot_be_simulated(arguments, said, tmp_path):
    line = error_line(xchg("simulate", *arguments, cwd=tmp_path))
    for part in said:
        assert part in line
    assert not os.listdir(tmp_path)
