"""Keras as a peer, on the backend that KERAS_BACKEND names: train_on_batch and fit, with and without jit; the fastest counts."""

import os
import time

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import keras
from keras import layers

from serve import ON_GPU, serve


BACKEND = keras.backend.backend()
if BACKEND == "torch":
    import torch

    if ON_GPU and not torch.cuda.is_available():
        raise SystemExit("PyTorch sees no CUDA device")
    torch.backends.cuda.matmul.allow_tf32 = False
    torch.backends.cudnn.allow_tf32 = False


def model_of(lesson, dropout):
    if lesson.flat:
        sizes = (512, 512, lesson.classes)
        dense = [layers.Dense(n, "softmax" if i == 3 else "relu", name=f"dense_{i}") for i, n in enumerate(sizes, 1)]
        return keras.Sequential([keras.Input(lesson.shape), *dense])
    blocks = [
        layer
        for i, filters in enumerate((75, 50, 25), 1)
        for layer in (
            layers.Conv2D(filters, 3, padding="same", activation="relu", name=f"conv2d_{i}"),
            *([layers.Dropout(0.2)] if dropout and i == 2 else []),
            layers.BatchNormalization(name=f"batch_normalization_{i}"),
            layers.MaxPooling2D(2, strides=2, padding="same"),
        )
    ]
    head = [
        layers.Flatten(),
        layers.Dense(512, "relu", name="dense_1"),
        *([layers.Dropout(0.3)] if dropout else []),
        layers.Dense(lesson.classes, "softmax", name="dense_2"),
    ]
    return keras.Sequential([keras.Input(lesson.shape), *blocks, *head])


class Clock(keras.callbacks.Callback):
    """Reads the time when a fit comes to the batch after the warm ones."""

    def __init__(self, warm):
        super().__init__()
        self.warm, self.began = warm, None

    def on_train_batch_begin(self, batch, logs=None):
        if self.began is None and batch >= self.warm:
            self.began = time.perf_counter()


class Trainer:
    # (name, jit_compile, steps per execution; 0: train_on_batch)
    FORMS = (
        ("train_on_batch", "auto", 0),
        ("train_on_batch, jit", True, 0),
        ("fit", "auto", 1),
        ("fit, jit", True, 1),
        ("fit, jit, 16 steps per execution", True, 16),
    )

    def __init__(self, lesson, dropout, learning_rate):
        self.lesson = lesson
        self.learning_rate = learning_rate
        self.model = model_of(lesson, dropout)
        for layer in self.model.layers:
            names = [v.path.split("/")[-1] for v in layer.variables if "seed" not in v.path]
            if names:
                layer.set_weights([lesson.weights[f"{layer.name}/{name}"] for name in names])
        self.use(self.FORMS[0])

    def use(self, form):
        name, jit, self.per_execution = form
        self.model.compile(
            optimizer=keras.optimizers.RMSprop(self.learning_rate),
            loss="categorical_crossentropy",
            metrics=["accuracy"],
            jit_compile=jit,
            steps_per_execution=max(1, self.per_execution),
        )

    def run(self, first, count):
        return self.timed(first, 0, count)[1]

    def timed(self, first, warm, steps):
        if self.per_execution:
            return self.fit(first, warm, steps)
        return self.train_on_batch(first, warm, steps)

    def train_on_batch(self, first, warm, steps):
        lesson, began = self.lesson, time.perf_counter()
        for i in range(warm + steps):
            if i == warm:
                # Metrics are running means since their last reset.
                self.model.reset_metrics()
                began = time.perf_counter()
            rows = lesson.rows(first + i)
            loss = self.model.train_on_batch(lesson.x[rows], lesson.y[rows])[0]
        return (time.perf_counter() - began) * 1000, float(loss)

    def fit(self, first, warm, steps):
        size, batch_size = self.per_execution, self.lesson.batch_size
        # Large batches are few: all that there are in whole executions, at most half of them to warm up.
        most = self.lesson.batches // size * size
        warm = min(-(-max(warm, 1) // size) * size, max(size, most // 2 // size * size))
        steps_done = -(-steps // size) * size
        total = min(warm + steps_done, most)
        start = first % max(1, self.lesson.batches - total + 1) * batch_size
        rows = slice(start, start + total * batch_size)
        clock = Clock(warm)
        history = self.model.fit(
            self.lesson.x[rows],
            self.lesson.y[rows],
            batch_size,
            shuffle=False,
            verbose=0,
            callbacks=[clock],
        )
        ms = (time.perf_counter() - clock.began) * 1000
        # The host divides by the steps that it asked for.
        return ms * steps / (total - warm), float(history.history["loss"][0])

    def tune(self):
        tried, errors = {}, {}
        steps = 96 if self.lesson.flat else 16
        for form in self.FORMS:
            # On JAX auto is jit; on PyTorch Keras calls jit experimental, and has one step an execution.
            if form[1] == {"jax": "auto", "torch": True}.get(BACKEND):
                continue
            try:
                self.use(form)
                self.timed(0, 16, 16)
                tried[form[0]] = min(self.timed(0, 16, steps)[0] / steps for _ in range(2))
            except Exception as error:
                errors[form[0]] = repr(error)[:200]
        if not tried:
            raise RuntimeError(f"no form of Keras runs: {errors}")
        best = min(tried, key=tried.get)
        self.use(next(form for form in self.FORMS if form[0] == best))
        self.timed(0, 16, 16)
        return best, tried


class Keras:
    version = f"{keras.__version__}, {BACKEND} {__import__(BACKEND).__version__}"
    notes = ["Without jit_compile, which is experimental there"] if BACKEND == "torch" else []
    start = staticmethod(Trainer)


serve(Keras)
