"""The side of a Python peer: JSON lines on standard input and output, as bench/peers/serve.ts has them.

A peer is a class with `version`, `threads`, `notes` and `start(lesson, dropout, learning_rate)`, which gives a trainer:
`run(first, count)` runs steps on the batches from `first` on and gives their mean loss when all is done; `tune()`, where
there is one, tries the forms that the peer has, keeps the fastest, and gives (its name, {form: milliseconds a step}).
"""

import json
import os
import sys
import time
import traceback
from pathlib import Path

import numpy as np

LEARNING_RATE = 1e-3
# bench/roster.ts says where the libraries run.
ON_GPU = os.environ.get("GICHO_BENCH_GPU") == "1"
THREADS = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()


class Lesson:
    """A lesson as bench/inputs.ts wrote it, its batches ready as float32."""

    def __init__(self, folder, name, batch_size):
        folder = Path(folder)
        self.batch_size = batch_size
        order = np.fromfile(folder / "order.bin", np.uint32)
        images = np.fromfile(folder / "images.bin", np.uint8).reshape(-1, 784)[order]
        self.flat = name == "perceptron"
        self.shape = (784,) if self.flat else (28, 28, 1)
        self.classes = 10 if self.flat else 24
        self.x = (images.astype(np.float32) / np.float32(255)).reshape(-1, *self.shape)
        self.labels = np.fromfile(folder / "labels.bin", np.uint8)[order].astype(np.int32)
        self.y = np.eye(self.classes, dtype=np.float32)[self.labels]
        self.batches = len(order) // batch_size
        # [rows, 2, 3] from an output pixel (row, column, 1) to the input's (row, column), or None.
        self.matrices = matrices(np.fromfile(folder / "draws.bin").reshape(-1, 9)) if name == "augmented" else None
        numbers = np.fromfile(folder / f"{name}.bin", np.float32)
        places = json.loads((folder / f"{name}.json").read_text())["weights"]
        self.weights = {
            p["name"]: numbers[p["offset"] :][: int(np.prod(p["shape"]))].reshape(p["shape"]) for p in places
        }

    def rows(self, step):
        """The rows of a step's batch; after the last batch comes the first."""
        first = step % self.batches * self.batch_size
        return slice(first, first + self.batch_size)


def matrices(draws):
    """Draws (packages/core/src/draw-table.ts) as sampling matrices of 28x28 images, their mirror images taken in."""
    matrix = draws[:, :6].reshape(-1, 2, 3)
    mirrors = draws[:, 6].astype(int)
    flip = np.tile(np.eye(3), (len(draws), 1, 1))
    # Column c of a mirrored image is column 27 - c of the image; rows likewise.
    for axis, mirrored in ((1, mirrors & 1), (0, mirrors >> 1)):
        flip[:, axis, axis] = np.where(mirrored, -1, 1)
        flip[:, axis, 2] = np.where(mirrored, 27, 0)
    return matrix @ flip


def milliseconds(trainer, first, warm, steps):
    """Milliseconds of `steps` steps after `warm` ones, and their mean loss."""
    if hasattr(trainer, "timed"):
        return trainer.timed(first, warm, steps)
    if warm:
        trainer.run(first, warm)
    began = time.perf_counter()
    loss = trainer.run(first + warm, steps)
    return (time.perf_counter() - began) * 1000, loss


def resident_bytes():
    import resource

    try:
        pages = int(Path("/proc/self/statm").read_text().split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE")
    except OSError:
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        return peak if sys.platform == "darwin" else peak * 1024


def serve(peer):
    out = os.fdopen(os.dup(1), "w")
    # What libraries print must not come between the answers.
    os.dup2(2, 1)

    def write(answer):
        out.write(json.dumps(answer) + "\n")
        out.flush()

    lesson = trainer = None
    step = 0
    write({"ready": True})
    for line in sys.stdin:
        request = json.loads(line)
        do = request["do"]
        try:
            if do == "open":
                lesson = Lesson(request["folder"], request["lesson"], request["batchSize"])
                began = time.perf_counter()
                trainer = peer.start(lesson, True, LEARNING_RATE)
                trainer.run(0, 1)
                step = 1
                seconds = time.perf_counter() - began
                answer = {"version": peer.version, "threads": THREADS, "notes": peer.notes, "seconds": seconds}
            elif do == "tune":
                form, tried = trainer.tune() if hasattr(trainer, "tune") else (None, None)
                answer = {"form": form, "tried": tried} if form else {}
            elif do == "compare":
                other = peer.start(lesson, False, request["learningRate"])
                answer = {"losses": [other.run(i, 1) for i in range(request["steps"])]}
            elif do == "run":
                ms, loss = milliseconds(trainer, step, request["warm"], request["steps"])
                step += request["warm"] + request["steps"]
                answer = {"ms": ms, "loss": loss}
            elif do == "memory":
                answer = {"rssBytes": resident_bytes(), "engineBytes": None}
            else:
                answer = {}
        except Exception as error:
            traceback.print_exc()
            answer = {"error": "".join(traceback.format_exception_only(error)).strip()[:500]}
        write(answer)
        if do == "close":
            break
