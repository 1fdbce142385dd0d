"""How the lessons' scripts make their fixtures: runs of a model under each optimizer, on three backends.

A model's last layer is linear and the loss takes logits, which is what Keras-TensorFlow makes of a softmax output
anyway; on other backends Keras would clip the softmax at 1e-7.

The values are Keras-TensorFlow's in float64. Beside them stands how far it lies from them in float32, and how far
Keras-JAX does. All three round Adam's betas to float32 before they take 1 - beta^t: with the exact .999 the first step
comes out 6.7e-6 larger, more than the tolerance.
"""

import json
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

import golden

BATCH_SIZE = 32
SLOW = 1e-5
# The first gives the values. In float32 TensorFlow averages long channels naively, which costs BatchNorm 1e-5.
BACKENDS = (("tensorflow", "float64"), ("tensorflow", "float32"), ("jax", "float32"))
OPTIMIZERS = {
    "rmsprop": {"name": "rmsprop", "learningRate": 1e-3, "rho": 0.9, "epsilon": 1e-7, "epsilonMode": "keras3"},
    "rmsprop-tf2": {"name": "rmsprop", "learningRate": 1e-3, "rho": 0.9, "epsilon": 1e-7, "epsilonMode": "tf2"},
    "sgd": {"name": "sgd", "learningRate": 1e-2, "momentum": 0},
    "sgd-momentum": {"name": "sgd", "learningRate": 1e-2, "momentum": 0.9},
    "adam": {"name": "adam", "learningRate": 1e-3, "beta1": 0.9, "beta2": 0.999, "epsilon": 1e-7},
}
# Keras' own attribute of each slot; a velocity is a running mean of squares, a momentum one of gradients.
SLOTS = {
    "rmsprop": {"velocity": "_velocities"},
    "rmsprop-tf2": {"velocity": "_velocities"},
    "sgd": {},
    "sgd-momentum": {"momentum": "momentums"},
    "adam": {"momentum": "_momentums", "velocity": "_velocities"},
}


@dataclass
class Run:
    """Steps over batches of MNIST from one start, and what of them the fixture `name` keeps."""

    name: str
    optimizer: str
    rules: list
    weight_seed: int
    batch_seed: int
    kept: tuple  # steps after which tensors are described; the last is the run's length
    slow: bool = False
    slots: dict = field(default_factory=dict)  # {kind: (low, high)} of slots that don't start at zero
    iteration: int = 0
    compared: str = ""  # how the names of the tensors end that mean something after so many steps

    @property
    def config(self):
        return OPTIMIZERS[self.optimizer] | ({"learningRate": SLOW} if self.slow else {})

    def batches(self):
        return golden.batches(self.batch_seed, 60000, BATCH_SIZE, self.kept[-1])

    def start(self):
        return golden.initial(self.rules, self.weight_seed, self.slots)


def tf2_rmsprop():
    """Keras' RMSprop with the epsilon where TensorFlow 2's Keras had it: beside the root."""
    import keras
    from keras import ops

    class Tf2RMSprop(keras.optimizers.RMSprop):
        def update_step(self, gradient, variable, learning_rate):
            rate = ops.cast(learning_rate, variable.dtype)
            velocity = self._velocities[self._get_variable_index(variable)]
            self.assign(velocity, self.rho * velocity + (1 - self.rho) * ops.square(gradient))
            self.assign_sub(variable, rate * gradient / (ops.sqrt(velocity) + self.epsilon))

    return Tf2RMSprop


def optimizer(config):
    import keras

    rate = config["learningRate"]
    if config["name"] == "rmsprop":
        kind = tf2_rmsprop() if config["epsilonMode"] == "tf2" else keras.optimizers.RMSprop
        return kind(rate, rho=config["rho"], epsilon=config["epsilon"])
    if config["name"] == "sgd":
        return keras.optimizers.SGD(rate, momentum=float(config["momentum"]))
    return keras.optimizers.Adam(rate, beta_1=config["beta1"], beta_2=config["beta2"], epsilon=config["epsilon"])


def compiled(make_model, config):
    import keras

    model, made = make_model(), optimizer(config)
    model.compile(loss=keras.losses.CategoricalCrossentropy(from_logits=True), optimizer=made)
    made.build(model.trainable_variables)
    return model, made


def slot_variables(run, made):
    """Keras' variables by the fixture's names: kind after kind, each in the order of the trainable weights."""
    names = [rule["name"] for rule in run.rules if rule["trainable"]]
    kinds = SLOTS[run.optimizer].items()
    return {f"{name}/{kind}": v for kind, attribute in kinds for name, v in zip(names, getattr(made, attribute), strict=True)}


def begin(run, model, made):
    """Puts weights, slots and iteration where the run starts."""
    start = run.start()
    for rule, variable in zip(run.rules, model.weights, strict=True):
        assert variable.path.endswith(rule["name"]), f"{variable.path} is not {rule['name']}"
        variable.assign(start[rule["name"]])
    for name, variable in slot_variables(run, made).items():
        variable.assign(start[name] if name in start else np.zeros(variable.shape, np.float32))
    made.iterations.assign(run.iteration)


def train(run, model, made, images, labels):
    """All losses, and after each kept step the weights and slots, as one dictionary of arrays."""
    import keras

    begin(run, model, made)
    arrays, losses = {}, []
    names = [rule["name"] for rule in run.rules]
    for step, batch in enumerate(run.batches()[0], 1):
        model.reset_metrics()  # or the loss is a mean over the steps so far
        x = images[batch].reshape(-1, *model.input_shape[1:])
        losses.append(float(model.train_on_batch(x, keras.utils.to_categorical(labels[batch], model.output_shape[-1]))))
        if step in run.kept:
            arrays |= {f"{step}:{name}": value for name, value in zip(names, model.get_weights())}
            slots = slot_variables(run, made).items()
            arrays |= {f"{step}:{name}": keras.ops.convert_to_numpy(value) for name, value in slots}
    return arrays | {"losses": np.array(losses)}


def train_all(runs, make_model, precision, folder):
    """One backend's part: each run's arrays as `<folder>/<name>.npz`. Runs with the same settings share a model."""
    import keras

    keras.config.set_floatx(precision)
    images, labels = golden.mnist()
    Path(folder).mkdir()
    models = {}
    for run in runs:
        key = json.dumps(run.config)
        if key not in models:
            models[key] = compiled(make_model, run.config)
        np.savez(f"{folder}/{run.name}.npz", **train(run, *models[key], images, labels))


def fixture(run, ours, others):
    start = run.start()
    between = max(float(np.max(np.abs(ours["losses"] / other["losses"] - 1))) for other in others)

    def tensor(step, key):
        name = key.split(":")[1]
        described = golden.describe(name, ours[key], [other[key] for other in others], start.get(name, 0), step)
        return described if name.endswith(run.compared) else described | {"compared": False}

    return {
        "format": "gicho-golden",
        "versions": golden.versions(),
        "optimizer": run.config,
        "weightSeed": run.weight_seed,
        "weights": run.rules,
        "slots": [{"kind": kind, "low": low, "high": high} for kind, (low, high) in run.slots.items()],
        "iteration": run.iteration,
        "batches": run.batches()[1],
        "projectionSeed": golden.PROJECTION_SEED,
        "losses": [float(f"{loss:.9g}") for loss in ours["losses"]],
        "lossTolerance": float(f"{max(2 * between, golden.ROUNDING):.2g}"),
        "results": [
            {"step": step, "tensors": [tensor(step, key) for key in ours if key.startswith(f"{step}:")]} for step in run.kept
        ],
    }


def report(made):
    """Says how far the other backends lie from the values at most, over the tensors that are compared."""
    for result in made["results"]:
        tensors = [tensor for tensor in result["tensors"] if tensor.get("compared", True)]
        worst = [max(tensors, key=lambda tensor: tensor["backends"][i]) for i in range(len(BACKENDS) - 1)]
        tensorflow, jax = (f"{tensor['backends'][i]} ({tensor['name']})" for i, tensor in enumerate(worst))
        share = max(tensors, key=lambda tensor: tensor["movedTolerance"])
        print(f"  step {result['step']}: TensorFlow differs by {tensorflow} at most, JAX by {jax};", end=" ")
        print(f"moved tolerance up to {share['movedTolerance']} ({share['name']})")
    print(f"  losses: tolerance {made['lossTolerance']}")


def main(script, runs, make_model):
    """Writes the fixtures of all runs; or, called by itself with a precision and a folder, does one backend's part."""
    if len(sys.argv) > 1:
        train_all(runs, make_model, *sys.argv[1:])
        return
    with tempfile.TemporaryDirectory() as folder:
        parts = [f"{folder}/{backend}-{precision}" for backend, precision in BACKENDS]
        for (backend, precision), part in zip(BACKENDS, parts):
            golden.on_backend(backend, script, [precision, part])
        for run in runs:
            ours, *others = (dict(np.load(f"{part}/{run.name}.npz")) for part in parts)
            made = fixture(run, ours, others)
            golden.write_fixture(golden.ROOT / f"packages/engine/fixtures/{run.name}.json", made)
            report(made)
