#!/bin/sh
# gicho's GPU benchmark, all that it needs beside it: sh run.sh [options]; sh run.sh --help lists them.
# Needs Python 3 to unpack, and measures the peers that it has. GICHO_PYTHON names another Python, GICHO_BENCH_FOLDER another
# place to unpack to (some 250 MB; unpacked/ beside this file).
set -eu
here=$(cd "$(dirname "$0")" && pwd)
python=${GICHO_PYTHON:-python3}
into=${GICHO_BENCH_FOLDER:-$here/unpacked}

if ! command -v "$python" >/dev/null; then
  echo "run.sh: expected Python 3, got no $python. Name one: GICHO_PYTHON=/path/to/python3 sh run.sh" >&2
  exit 1
fi
if ! "$python" -c 'import ctypes; ctypes.CDLL("libvulkan.so.1")' 2>/dev/null; then
  echo "run.sh: this machine has no Vulkan loader (libvulkan.so.1), by which WebGPU finds the GPU. One package mends it: apt-get install libvulkan1" >&2
  exit 1
fi
if [ ! -e "$into/complete" ]; then
  echo "unpacking to $into"
  "$python" - "$here" "$into" <<'PYTHON'
import sys, tarfile, zipfile
from pathlib import Path

here, into = map(Path, sys.argv[1:])
into.mkdir(parents=True, exist_ok=True)
safe = {"filter": "tar"} if hasattr(tarfile, "tar_filter") else {}
with tarfile.open(here / "gicho-bench.tar.xz") as archive:
    archive.extractall(into, **safe)
for wheel in sorted((here / "wheels").glob("*.whl")):
    zipfile.ZipFile(wheel).extractall(into / "wheels")
(into / "complete").touch()
PYTHON
fi
GICHO_PYTHON=$python
PYTHONPATH=$into/wheels${PYTHONPATH:+:$PYTHONPATH}
export GICHO_PYTHON PYTHONPATH
exec "$into/node" "$into/bench/main.ts" gpu --mnist "$into/mnist" --out "$here/results" "$@"
