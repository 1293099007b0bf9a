# Installation: see docs/hacking.md. Filled in with the package.
