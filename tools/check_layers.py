#!/usr/bin/env python3
"""Checks that no room of src/xchg includes or links what the plan does not allow it.

    check_layers.py [SOURCE_FOLDER]

The plan is the table of rooms in docs/architecture.md and the table of third-party headers in docs/dependencies.md.
Prints `file:line: what is wrong` for every offence; exit status 1 if there is one.
"""
import re
import sys
from dataclasses import dataclass
from pathlib import Path

INCLUDE = re.compile(r'^\s*#\s*include\s*(?:<([^>]+)>|"([^"]+)")')
CODE = re.compile(r"`([^`]+)`")
KEYWORD = re.compile(r"^[A-Z_]+$")

# Files by what they are: who may include what only fronts, tests or benchmarks may.
KINDS = (
    ("test", re.compile(r"_test(_[a-z]+)?\.[ch]pp$|^test_[a-z_]+\.[ch]pp$")),
    ("bench", re.compile(r"_bench\.cpp$")),
    ("front", re.compile(r"^(command|tour|binding)(_[a-z_]+)?\.[ch]pp$")),
)
FRONT_FOLDERS = ("command", "python")  # of core: what the fronts are written with
FRONT_ROOMS = ("cli", "python", "tour")

# The headers of C++20, and of C and POSIX as we use them: they need no line in the table.
STANDARD = set("""
    algorithm any array atomic barrier bit bitset charconv chrono compare complex concepts condition_variable coroutine
    deque exception execution filesystem format forward_list fstream functional future initializer_list iomanip ios
    iosfwd iostream istream iterator latch limits list locale map memory memory_resource mutex new numbers numeric
    optional ostream queue random ranges ratio regex scoped_allocator semaphore set shared_mutex source_location span
    sstream stack stdexcept stop_token streambuf string string_view strstream syncstream system_error thread tuple
    type_traits typeindex typeinfo unordered_map unordered_set utility valarray variant vector version
    cassert cctype cerrno cfenv cfloat cinttypes climits clocale cmath csetjmp csignal cstdarg cstddef cstdint cstdio
    cstdlib cstring ctime cuchar cwchar cwctype
    dirent.h dlfcn.h fcntl.h grp.h poll.h pthread.h pwd.h sched.h signal.h spawn.h termios.h unistd.h
    immintrin.h cpuid.h omp.h""".split())
STANDARD_FOLDERS = ("sys/", "linux/", "arpa/", "netinet/")


@dataclass
class Room:
    """A row of the plan, with what its folder declares."""

    order: int
    may_include: list
    uses: dict  # room -> line of its CMakeLists.txt
    public_headers: list


def table(text, heading):
    """The rows of the first table below a heading, as (line, cells), without its head."""
    lines = text.splitlines()
    start = next((number for number, line in enumerate(lines) if re.match(rf"#+ {heading}\s*$", line)), None)
    if start is None:
        raise SystemExit(f"no heading '{heading}'")
    rows = []
    for number in range(start + 1, len(lines)):
        line = lines[number]
        if line.startswith("|"):
            rows.append((number + 1, [cell.strip() for cell in line.strip().strip("|").split("|")]))
        elif rows or line.startswith("#"):
            break
    return rows[2:]


def read_rooms(source):
    """The plan's rooms by name, and what is wrong with the plan itself."""
    plan = source / "docs" / "architecture.md"
    rooms = {}
    offences = []
    for line, cells in table(plan.read_text(encoding="utf-8"), "Rooms"):
        names = CODE.findall(cells[0])
        everything = cells[-1] == "everything"
        listed = list(rooms) + names if everything else [word for word in re.split(r"[,\s`]+", cells[-1]) if word not in ("", "–")]
        for name in listed:
            if name not in rooms and not everything:
                offences.append(f"{plan.relative_to(source)}:{line}: {names[0]} may include {name}, which stands in no row above")
        for name in names:
            rooms[name] = Room(line, listed, *read_declaration(source, name))
    return rooms, offences


def read_declaration(source, name):
    """USES with their lines and PUBLIC_HEADERS of a room's CMakeLists.txt."""
    file = source / "src" / "xchg" / name / "CMakeLists.txt"
    uses, headers = {}, [f"{name}.hpp"]
    if not file.exists():
        return uses, headers
    keyword = ""
    for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
        for word in re.sub(r"[()]", " ", line.split("#")[0]).split():
            if word == "xchg_room" or KEYWORD.match(word):
                keyword = word
            elif keyword == "USES":
                uses[word] = number
            elif keyword == "PUBLIC_HEADERS":
                headers.append(word)
    return uses, headers


def closure(name, next_names):
    """All that can be reached from `name`, without it unless it reaches itself."""
    reached, todo = set(), list(next_names(name))
    while todo:
        current = todo.pop()
        if current not in reached:
            reached.add(current)
            todo += next_names(current)
    return reached


def read_third_party(source):
    """Who may include which headers: (prefix of the header, names of rooms or kinds of files)."""
    text = (source / "docs" / "dependencies.md").read_text(encoding="utf-8")
    return [(header, CODE.findall(cells[1]))
            for _, cells in table(text, "Third-party headers per room") for header in CODE.findall(cells[0])]


def kind_of(file, room_folder):
    parts = file.relative_to(room_folder).parts
    for kind, pattern in KINDS:
        if pattern.search(file.name):
            return kind
    if room_folder.name in FRONT_ROOMS or (room_folder.name == "core" and parts[0] in FRONT_FOLDERS):
        return "front"
    return "library"


class Checker:
    """Goes through the files of all rooms and collects the offences."""

    def __init__(self, source):
        self.source = source
        self.rooms, self.offences = read_rooms(source)
        self.third_party = read_third_party(source)

    def check(self):
        for folder in sorted(path.parent for path in (self.source / "src" / "xchg").glob("*/CMakeLists.txt")):
            if folder.name not in self.rooms:
                self.offences.append(f"{folder.relative_to(self.source)}: no room of this name in docs/architecture.md")
                continue
            self.check_uses(folder)
            for file in sorted(folder.rglob("*")):
                if file.suffix in (".cpp", ".hpp", ".h", ".cu", ".cuh"):
                    self.check_file(folder, file)
        return self.offences

    def allowed(self, name):
        return closure(name, lambda room: self.rooms[room].may_include if room in self.rooms else [])

    def linked(self, name):
        return closure(name, lambda room: self.rooms[room].uses if room in self.rooms else {})

    def check_uses(self, folder):
        for used, line in self.rooms[folder.name].uses.items():
            if used not in self.allowed(folder.name):
                self.offences.append(f"{(folder / 'CMakeLists.txt').relative_to(self.source)}:{line}: "
                                     f"{folder.name} may not use {used}")

    def check_file(self, folder, file):
        kind = kind_of(file, folder)
        for number, line in enumerate(file.read_text(encoding="utf-8", errors="replace").splitlines(), 1):
            found = INCLUDE.match(line)
            if not found:
                continue
            outer, inner = found.groups()
            wrong = self.wrong_outer(folder.name, kind, outer) if outer else self.wrong_inner(folder.name, kind, inner)
            if wrong:
                self.offences.append(f"{file.relative_to(self.source)}:{number}: {wrong}")

    def wrong_outer(self, room, kind, header):
        """What is wrong with including a header that is not ours, or None."""
        if header in STANDARD or header.startswith(STANDARD_FOLDERS):
            return None
        if header.startswith("xchg/"):
            return f'our own header in angle brackets: write "{header}"'
        rows = [who for prefix, who in self.third_party if header == prefix or (prefix.endswith("/") and header.startswith(prefix))]
        if not rows:
            return f"<{header}> is in no row of 'Third-party headers per room' in docs/dependencies.md"
        if any(name in (room, kind) or name == "every room" for who in rows for name in who):
            return None
        return f"{room} may not include <{header}> here (docs/dependencies.md)"

    def wrong_inner(self, room, kind, header):
        """What is wrong with including a header of ours, or None."""
        parts = header.split("/")
        if parts[0] != "xchg" or len(parts) < 3:
            return None if room in FRONT_ROOMS and len(parts) == 1 else f'"{header}" does not begin with xchg/<room>/'
        target, inside = parts[1], "/".join(parts[2:])
        if target not in self.rooms:
            return f"{target} is no room of docs/architecture.md"
        if target == "core" and parts[2] in FRONT_FOLDERS and kind not in ("front", "test"):
            return f"core/{parts[2]} is for command.cpp, tour.cpp and binding.cpp only"
        if target == room:
            return None
        if target not in self.allowed(room):
            return f"{room} may not include {target}"
        if room in FRONT_ROOMS:
            return None
        if target not in self.linked(room):
            return f"{room} includes {target}, but its CMakeLists.txt does not USE it"
        if target != "core" and inside not in self.rooms[target].public_headers:
            return f"{header} is internal to {target}"
        return None


def main():
    source = Path(sys.argv[1]).resolve() if len(sys.argv) > 1 else Path(__file__).resolve().parent.parent
    offences = Checker(source).check()
    print("\n".join(offences) if offences else "every include follows the plan")
    return 1 if offences else 0


if __name__ == "__main__":
    sys.exit(main())
