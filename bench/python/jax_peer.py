"""JAX as a peer: the whole step in one jit, arrays donated. All rows lie on the device; a step cuts out its batch."""

from functools import partial

import jax
import jax.numpy as jnp
from jax import lax
from jax.scipy.ndimage import map_coordinates

from serve import serve


def conv(x, w, name):
    x = lax.conv_general_dilated(x, w[f"{name}/kernel"], (1, 1), "SAME", dimension_numbers=("NHWC", "HWIO", "NHWC"))
    return jax.nn.relu(x + w[f"{name}/bias"])


def batch_norm(x, w, name):
    mean = x.mean((0, 1, 2))
    variance = x.var((0, 1, 2))
    moved = {f"{name}/moving_mean": mean, f"{name}/moving_variance": variance}
    return (x - mean) * (lax.rsqrt(variance + 1e-3) * w[f"{name}/gamma"]) + w[f"{name}/beta"], moved


def max_pool(x):
    return lax.reduce_window(x, -jnp.inf, lax.max, (1, 2, 2, 1), (1, 2, 2, 1), "SAME")


def drop(x, key, rate):
    return jnp.where(jax.random.bernoulli(key, 1 - rate, x.shape), x / (1 - rate), 0)


def dense(x, w, name):
    return x @ w[f"{name}/kernel"] + w[f"{name}/bias"]


def perceptron(x, w, key, dropout):
    x = jax.nn.relu(dense(x, w, "dense_1"))
    return dense(jax.nn.relu(dense(x, w, "dense_2")), w, "dense_3"), {}


def network(x, w, key, dropout):
    key_1, key_2 = jax.random.split(key)
    moved = {}
    for i in (1, 2, 3):
        x = conv(x, w, f"conv2d_{i}")
        if dropout and i == 2:
            x = drop(x, key_1, 0.2)
        x, means = batch_norm(x, w, f"batch_normalization_{i}")
        moved |= means
        x = max_pool(x)
    x = jax.nn.relu(dense(x.reshape(len(x), -1), w, "dense_1"))
    if dropout:
        x = drop(x, key_2, 0.3)
    return dense(x, w, "dense_2"), moved


def sample(x, matrices):
    """Images [N, 28, 28, 1] read through sampling matrices [N, 2, 3], linearly, beyond the edge the nearest pixel."""
    rows, columns = jnp.meshgrid(jnp.arange(28.0), jnp.arange(28.0), indexing="ij")
    places = jnp.stack([rows, columns, jnp.ones_like(rows)])
    coordinates = jnp.clip(jnp.einsum("nij,jrc->nirc", matrices, places), 0, 27)
    read = jax.vmap(lambda image, at: map_coordinates(image, [at[0], at[1]], order=1, mode="nearest"))
    return read(x[..., 0], coordinates)[..., None]


class Trainer:
    def __init__(self, lesson, dropout, learning_rate):
        self.lesson = lesson
        self.state = {
            "weights": {k: jnp.array(v) for k, v in lesson.weights.items() if "moving" not in k},
            "averages": {k: jnp.array(v) for k, v in lesson.weights.items() if "moving" in k},
            "squares": {k: jnp.zeros(v.shape) for k, v in lesson.weights.items() if "moving" not in k},
            "key": jax.random.key(1),
            "loss": jnp.zeros(()),
        }
        self.rows = {"x": jnp.array(lesson.x), "y": jnp.array(lesson.y)}
        if lesson.matrices is not None:
            self.rows["matrices"] = jnp.array(lesson.matrices, jnp.float32)
        model = perceptron if lesson.flat else network

        def loss_of(weights, x, y, key):
            logits, moved = model(x, weights, key, dropout)
            return -(jax.nn.log_softmax(logits) * y).sum(-1).mean(), moved

        @partial(jax.jit, donate_argnums=0)
        def step(state, rows, first):
            batch = {k: lax.dynamic_slice_in_dim(v, first, lesson.batch_size) for k, v in rows.items()}
            x, y = batch["x"], batch["y"]
            if "matrices" in batch:
                x = sample(x, batch["matrices"])
            key, now = jax.random.split(state["key"])
            (loss, moved), gradients = jax.value_and_grad(loss_of, has_aux=True)(state["weights"], x, y, now)
            squares = jax.tree.map(lambda s, g: 0.9 * s + 0.1 * g * g, state["squares"], gradients)
            weights = jax.tree.map(
                lambda w, g, s: w - learning_rate * g * lax.rsqrt(s + 1e-7), state["weights"], gradients, squares
            )
            averages = jax.tree.map(lambda a, m: 0.99 * a + 0.01 * m, state["averages"], moved)
            total = state["loss"] + loss
            return {"weights": weights, "averages": averages, "squares": squares, "key": key, "loss": total}

        self.step = step

    def run(self, first, count):
        self.state["loss"] = jnp.zeros(())
        for i in range(first, first + count):
            self.state = self.step(self.state, self.rows, self.lesson.rows(i).start)
        jax.block_until_ready(self.state)
        return float(self.state["loss"]) / count


class Jax:
    version = f"{jax.__version__} on {jax.devices()[0].device_kind}"
    notes = []
    start = staticmethod(Trainer)


serve(Jax)
