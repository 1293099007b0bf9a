"""write_python.py PACKAGES FOLDER: the reference of the Python package with pydoc, and the index of all references."""

import importlib
import pkgutil
import pydoc
import sys
from pathlib import Path

INDEX = """<!doctype html>
<html lang="en"><meta charset="utf-8"><title>xchg {version}: reference</title>
<style>body {{ font: 16px/1.5 sans-serif; max-width: 40em; margin: 2em auto; padding: 0 1em }}</style>
<h1>xchg {version}</h1>
<ul>
<li><a href="cpp/index.html">Command line</a></li>
<li>C++: <a href="cpp/annotated.html">classes</a>, <a href="cpp/files.html">headers</a></li>
<li>Python: {modules}</li>
</ul>
</html>
"""


def main(packages: str, folder: Path) -> None:
    sys.path.insert(0, packages)
    import xchg

    names = ["xchg"] + sorted(
        module.name
        for module in pkgutil.walk_packages(xchg.__path__, "xchg.")
        if not any(part.startswith("_") for part in module.name.split("."))
    )
    (folder / "python").mkdir(parents=True, exist_ok=True)
    for name in names:
        module = importlib.import_module(name)
        page = pydoc.html.page(name, pydoc.html.document(module, name)).replace(packages, "")
        (folder / "python" / f"{name}.html").write_text(page)
    links = ", ".join(f'<a href="python/{name}.html">{name}</a>' for name in names)
    (folder / "index.html").write_text(INDEX.format(version=xchg.__version__, modules=links))


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
