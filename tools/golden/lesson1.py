"""Writes packages/engine/fixtures/lesson1-*.json: lesson 1's perceptron after up to 50 steps of each optimizer.

Adam, and RMSprop with TensorFlow 2's epsilon, divide by the root of a mean that is nearly zero for many weights, so at
full rate two backends soon part. They are compared after the first full-rate steps, and after 50 steps at a rate of
1e-5, in the fixtures that end in `-slow`.
"""

import golden
from training import Run, main

SIZES = (784, 512, 512, 10)
RULES = [
    rule
    for i, (fan_in, fan_out) in enumerate(zip(SIZES, SIZES[1:]), 1)
    for rule in (
        golden.weight(f"dense_{i}/kernel", (fan_in, fan_out), "glorotUniform"),
        golden.weight(f"dense_{i}/bias", (fan_out,), "zeros"),
    )
]


def perceptron():
    import keras

    return keras.Sequential(
        [keras.Input((784,))]
        + [keras.layers.Dense(size, "relu" if i < 3 else None, name=f"dense_{i}") for i, size in enumerate(SIZES[1:], 1)]
    )


def run(name, optimizer, kept, slow=False):
    return Run(f"lesson1-{name}", optimizer, RULES, weight_seed=1, batch_seed=2, kept=kept, slow=slow)


RUNS = [
    run("rmsprop", "rmsprop", (1, 5, 20, 50)),
    run("sgd", "sgd", (1, 5, 20)),
    run("sgd-momentum", "sgd-momentum", (1, 5, 20, 50)),
    run("adam", "adam", (1, 5, 20)),
    run("adam-slow", "adam", (50,), slow=True),
    run("rmsprop-tf2", "rmsprop-tf2", (1,)),
    run("rmsprop-tf2-slow", "rmsprop-tf2", (50,), slow=True),
]

if __name__ == "__main__":
    main(__file__, RUNS, perceptron)
