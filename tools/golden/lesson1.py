"""Writes packages/engine/fixtures/lesson1-*.json: lesson 1's perceptron after 1, 5 and 20 steps of each optimizer.

The last layer is linear and the loss takes logits, which is what Keras-TensorFlow makes of a softmax output anyway;
on other backends Keras would clip the softmax at 1e-7.

The values are Keras-TensorFlow's in float32. Beside them stands how far two others lie from them: Keras-JAX in float32,
and Keras-TensorFlow in float64. All three round Adam's betas to float32 before they take 1 - beta^t: with the exact .999
the first step comes out 6.7e-6 larger, more than the tolerance.
"""

import sys
import tempfile
from pathlib import Path

import numpy as np

import golden

WEIGHT_SEED = 1
BATCH_SEED = 2
BATCH_SIZE = 32
STEPS = 20
KEPT = (1, 5, 20)
SIZES = (784, 512, 512, 10)
RULES = [
    rule
    for i, (fan_in, fan_out) in enumerate(zip(SIZES, SIZES[1:]), 1)
    for rule in (
        golden.weight(f"dense_{i}/kernel", (fan_in, fan_out), "glorotUniform"),
        golden.weight(f"dense_{i}/bias", (fan_out,), "zeros"),
    )
]
OPTIMIZERS = {
    "rmsprop": {"name": "rmsprop", "learningRate": 1e-3, "rho": 0.9, "epsilon": 1e-7, "epsilonMode": "keras3"},
    "sgd": {"name": "sgd", "learningRate": 1e-2, "momentum": 0},
    "sgd-momentum": {"name": "sgd", "learningRate": 1e-2, "momentum": 0.9},
    "adam": {"name": "adam", "learningRate": 1e-3, "beta1": 0.9, "beta2": 0.999, "epsilon": 1e-7},
}
RUNS = (("tensorflow", "float32"), ("jax", "float32"), ("tensorflow", "float64"))
# Keras' own attribute of each slot; a velocity is a running mean of squares, a momentum one of gradients.
SLOTS = {
    "rmsprop": {"velocity": "_velocities"},
    "sgd": {},
    "sgd-momentum": {"momentum": "momentums"},
    "adam": {"momentum": "_momentums", "velocity": "_velocities"},
}


def optimizer(config):
    import keras

    rate = config["learningRate"]
    if config["name"] == "rmsprop":
        return keras.optimizers.RMSprop(rate, rho=config["rho"], epsilon=config["epsilon"])
    if config["name"] == "sgd":
        return keras.optimizers.SGD(rate, momentum=float(config["momentum"]))
    return keras.optimizers.Adam(rate, beta_1=config["beta1"], beta_2=config["beta2"], epsilon=config["epsilon"])


def train(key, precision):
    """All losses, and after each kept step the weights and slots, as one dictionary of arrays."""
    import keras

    keras.config.set_floatx(precision)
    images, labels = golden.mnist()
    rows, _ = golden.batches(BATCH_SEED, len(images), BATCH_SIZE, STEPS)
    model = keras.Sequential(
        [keras.Input((784,))]
        + [keras.layers.Dense(size, "relu" if i < 3 else None, name=f"dense_{i}") for i, size in enumerate(SIZES[1:], 1)]
    )
    model.set_weights(golden.initial_weights(RULES, WEIGHT_SEED))
    made = optimizer(OPTIMIZERS[key])
    model.compile(loss=keras.losses.CategoricalCrossentropy(from_logits=True), optimizer=made)
    arrays, losses = {}, []
    for step, batch in enumerate(rows, 1):
        model.reset_metrics()  # or the loss is a mean over the steps so far
        x, y = images[batch].reshape(-1, 784), keras.utils.to_categorical(labels[batch], 10)
        losses.append(float(model.train_on_batch(x, y)))
        if step in KEPT:
            names = [rule["name"] for rule in RULES]
            arrays |= {f"{step}:{name}": value for name, value in zip(names, model.get_weights())}
            for slot, attribute in SLOTS[key].items():
                values = [keras.ops.convert_to_numpy(v) for v in getattr(made, attribute)]
                arrays |= {f"{step}:{name}/{slot}": value for name, value in zip(names, values)}
    return arrays | {"losses": np.array(losses)}


def fixture(key, ours, others):
    start = {rule["name"]: value for rule, value in zip(RULES, golden.initial_weights(RULES, WEIGHT_SEED))}
    _, rule = golden.batches(BATCH_SEED, 60000, BATCH_SIZE, STEPS)
    between = max(float(np.max(np.abs(ours["losses"] / other["losses"] - 1))) for other in others)

    def tensors(step):
        keys = [name for name in ours if name.startswith(f"{step}:")]
        names = [name.split(":")[1] for name in keys]
        return [
            golden.describe(name, ours[key], [other[key] for other in others], start.get(name))
            for key, name in zip(keys, names)
        ]

    return {
        "format": "gicho-golden",
        "versions": golden.versions(),
        "optimizer": OPTIMIZERS[key],
        "weightSeed": WEIGHT_SEED,
        "weights": RULES,
        "batches": rule,
        "projectionSeed": golden.PROJECTION_SEED,
        "losses": [float(f"{loss:.9g}") for loss in ours["losses"]],
        "lossTolerance": float(f"{max(2 * between, golden.ROUNDING):.2g}"),
        "results": [{"step": step, "tensors": tensors(step)} for step in KEPT],
    }


def main():
    if len(sys.argv) > 1:
        key, precision, path = sys.argv[1:]
        np.savez(path, **train(key, precision))
        return
    with tempfile.TemporaryDirectory() as folder:
        for key in OPTIMIZERS:
            paths = [f"{folder}/{backend}-{precision}.npz" for backend, precision in RUNS]
            for (backend, precision), path in zip(RUNS, paths):
                golden.on_backend(backend, __file__, [key, precision, path])
            ours, *others = (dict(np.load(path)) for path in paths)
            made = fixture(key, ours, others)
            golden.write_fixture(golden.ROOT / f"packages/engine/fixtures/lesson1-{key}.json", made)
            for result in made["results"]:
                worst = [max(tensor["backends"][i] for tensor in result["tensors"]) for i in range(len(others))]
                print(f"  step {result['step']}: JAX differs by {worst[0]} at most, float64 by {worst[1]}")


if __name__ == "__main__":
    main()
