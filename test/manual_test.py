"""The manual that the built program writes: man pages without warnings, completions in the shells themselves."""

import os
import pty
import re
import select
import shutil
import signal
import subprocess
import time
from pathlib import Path

import pytest

SOURCE = Path(__file__).resolve().parent.parent
BUILD = Path(os.environ.get("XCHG_BUILD", SOURCE / "build" / "release"))
SHARE = BUILD / "share"


@pytest.fixture(autouse=True)
def built():
    if not (SHARE / "man" / "man1" / "xchg.1").exists():
        pytest.skip(f"no manual in {SHARE}")


def need(program):
    if shutil.which(program) is None:
        pytest.skip(f"{program} is not installed")


def call(*command, **options):
    run = subprocess.run([str(word) for word in command], capture_output=True, text=True, **options)
    assert run.returncode == 0, f"{command}\n{run.stdout}\n{run.stderr}"
    return run.stdout


@pytest.fixture
def folder(tmp_path):
    """A folder to complete in, with `xchg` on the path."""
    (tmp_path / "my data.csv").write_text("")
    (tmp_path / "pictures").mkdir()
    return tmp_path


def read_until(terminal, text):
    """What the terminal shows until `text` comes, or for ten seconds."""
    output, deadline = "", time.monotonic() + 10
    while text not in output and select.select([terminal], [], [], max(0, deadline - time.monotonic()))[0]:
        output += os.read(terminal, 65536).decode(errors="replace")
        output = re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]|\r", "", output)
    return output


def type_into(shell, line, shown, folder):
    """What an interactive shell shows when `line` is typed, until `shown` comes."""
    child, terminal = pty.fork()
    if child == 0:
        os.chdir(folder)
        os.execvpe(shell[0], shell, {"PATH": f"{BUILD / 'bin'}:{os.environ['PATH']}", "TERM": "dumb", "HOME": str(folder),
                                     "ZDOTDIR": str(folder), "INPUTRC": "/dev/null", "LC_ALL": "C.UTF-8"})
    try:
        read_until(terminal, "ready>")
        os.write(terminal, line.encode())
        return read_until(terminal, shown)
    finally:
        os.close(terminal)
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)


# --- man --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("page", ["xchg.1", "xchg-kmedoids.1"])
def test_man_shows_the_page_without_a_warning(page):
    need("man")
    need("groff")
    run = subprocess.run(["man", "--warnings", "-E", "UTF-8", "-l", "-Tutf8", SHARE / "man" / "man1" / page],
                         capture_output=True, text=True, env=os.environ | {"MANWIDTH": "80", "LC_ALL": "C.UTF-8"})
    assert run.returncode == 0 and not run.stderr, run.stderr
    for heading in ["NAME", "SYNOPSIS", "COMMANDS", "EXIT STATUS", "SEE ALSO"]:
        assert f"\n{heading}\n" in re.sub(".\x08", "", run.stdout)


def test_every_option_of_a_verb_stands_in_its_man_page_and_in_the_reference():
    shown = call(BUILD / "bin" / "xchg", "kmedoids", "cluster", "--help")
    options = set(re.findall(r"(--[a-z][a-z-]+)", shown)) - {"--help-all", "--help", "--plot"}
    page = (SHARE / "man" / "man1" / "xchg-kmedoids.1").read_text().replace("\\-", "-")
    reference = (SHARE / "doc" / "xchg" / "cli.md").read_text()
    assert len(options) > 10
    for option in options:
        assert option in page and option in reference, option


def test_help_does_not_list_the_verb_manual():
    assert "manual" not in call(BUILD / "bin" / "xchg", "--help")


# --- bash -------------------------------------------------------------------------------------------------------------

@pytest.mark.parametrize("typed, shown", [
    ("xchg kmed\t", "xchg kmedoids "),
    ("xchg kmedoids cl\t", "xchg kmedoids cluster "),
    ("xchg kmedoids cluster --metr\t", "--metric "),
    ("xchg kmedoids cluster --metric man\t", "--metric manhattan "),
    ("xchg kmedoids cluster --metric=man\t", "--metric=manhattan "),
    ("xchg kmedoids cluster my\t", r"my\ data.csv "),
    ("xchg kmedoids cluster -k 3 -o my\t", r"my\ data.csv "),
])
def test_bash_completes_on_a_terminal(typed, shown, folder):
    script = SHARE / "bash-completion" / "completions" / "xchg"
    (folder / ".rc").write_text(f"source {script}\nPS1='ready>'\n")
    shell = ["bash", "--noprofile", "--rcfile", str(folder / ".rc"), "-i"]
    assert shown in type_into(shell, typed, shown, folder)


# --- zsh --------------------------------------------------------------------------------------------------------------


def test_zsh_accepts_the_script():
    need("zsh")
    call("zsh", "-n", SHARE / "zsh" / "site-functions" / "_xchg")


@pytest.mark.slow
@pytest.mark.parametrize("typed, shown", [
    ("xchg kmed\t", "xchg kmedoids "),
    ("xchg kmedoids cl\t", "xchg kmedoids cluster "),
    ("xchg kmedoids cluster --metr\t", "--metric="),
    ("xchg kmedoids cluster --metric man\t", "manhattan"),
    ("xchg kmedoids cluster --metric=man\t", "--metric=manhattan"),
    ("xchg kmedoids cluster my\t", r"my\ data.csv"),
    ("xchg kmedoids cluster -k 3 -o my\t", r"my\ data.csv"),
])
def test_zsh_completes_on_a_terminal(typed, shown, folder):
    need("zsh")
    (folder / ".zshrc").write_text(f"fpath=({SHARE / 'zsh' / 'site-functions'} $fpath)\n"
                                   "autoload -Uz compinit\ncompinit -u -D\nPS1='ready>'\n")
    assert shown in type_into(["zsh", "-d", "-i"], typed, shown, folder)


# --- fish -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("line, offered", [
    ("xchg kmed", {"kmedoids"}),
    ("xchg kmedoids cl", {"cluster"}),
    ("xchg kmedoids cluster --metr", {"--metric"}),
    ("xchg kmedoids cluster --header ", {"auto", "yes", "no"}),
    ("xchg kmedoids cluster my", {"my data.csv"}),
    ("xchg kmedoids cluster -k 3 -o my", {"my data.csv"}),
    ("xchg kmedoids cluster --init verify --metr", {"--metric"}),
])
def test_fish_completes(line, offered, folder):
    need("fish")
    script = SHARE / "fish" / "vendor_completions.d" / "xchg.fish"
    call("fish", "-n", script)
    output = call("fish", "--no-config", "-c", f"source {script}; complete -C '{line}'", cwd=folder,
                  env=os.environ | {"PATH": f"{BUILD / 'bin'}:{os.environ['PATH']}", "HOME": str(folder)})
    assert {row.split("\t")[0].replace("\\ ", " ") for row in output.splitlines()} == offered
