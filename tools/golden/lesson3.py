"""Writes packages/engine/fixtures/lesson3-*.json: lesson 3's network on MNIST, its dropout layers left out.

`lesson3-<optimizer>-<1..5>`: one full-rate step from each of five states, in which everything is drawn: kernels as
Keras starts them, biases, BatchNorm's weights and averages, and the optimizer's slots as after a few steps.
`lesson3-<optimizer>-slow`: 50 steps at a rate of 1e-5 from the start that Keras itself would make. Only kernels are
compared there: the gradients of some of 50 batches differ by a hundredth (see lesson3_states.py), and what begins at
zero consists of nothing else.
The digits are the first ten of the 24 classes.
"""

import golden
from training import SLOTS, Run, main

CLASSES = 24
FILTERS = (75, 50, 25)
DENSE = 512
# Slots start between these, and Adam has done so many steps.
SPANS = {"velocity": (0, 1e-3), "momentum": (-1e-3, 1e-3)}
ITERATION = 7
# Seeds of the weights and of the batch, found by lesson3_states.py.
STATES = (462, 36, 426, 478, 173)
SLOW_SEED = 10


def rules(drawn):
    """The weights in Keras' order, drawn ones everywhere or as Keras starts them."""

    def weight(name, size, start, span, trainable=True):
        return golden.weight(name, (size,), "uniform" if drawn else start, trainable, span if drawn else None)

    def layer(name, shape):
        yield golden.weight(f"{name}/kernel", shape, "glorotUniform")
        yield weight(f"{name}/bias", shape[-1], "zeros", (-0.1, 0.1))

    def norm(name, size):
        yield weight(f"{name}/gamma", size, "ones", (0.5, 1.5))
        yield weight(f"{name}/beta", size, "zeros", (-0.5, 0.5))
        yield weight(f"{name}/moving_mean", size, "zeros", (-0.2, 0.2), trainable=False)
        yield weight(f"{name}/moving_variance", size, "ones", (0.5, 2), trainable=False)

    made = []
    for i, (channels, filters) in enumerate(zip((1, *FILTERS), FILTERS), 1):
        made += [*layer(f"conv2d_{i}", (3, 3, channels, filters)), *norm(f"batch_normalization_{i}", filters)]
    return made + [*layer("dense_1", (4 * 4 * FILTERS[-1], DENSE)), *layer("dense_2", (DENSE, CLASSES))]


def network():
    import keras
    from keras import layers

    blocks = [
        layer
        for i, filters in enumerate(FILTERS, 1)
        for layer in (
            layers.Conv2D(filters, 3, padding="same", activation="relu", name=f"conv2d_{i}"),
            layers.BatchNormalization(name=f"batch_normalization_{i}"),
            layers.MaxPooling2D(2, strides=2, padding="same"),
        )
    ]
    head = [layers.Dense(DENSE, "relu", name="dense_1"), layers.Dense(CLASSES, name="dense_2")]
    return keras.Sequential([keras.Input((28, 28, 1)), *blocks, layers.Flatten(), *head])


def runs(optimizer):
    slots = {kind: SPANS[kind] for kind in SLOTS[optimizer]}
    iteration = ITERATION if optimizer == "adam" else 0
    for i, seed in enumerate(STATES, 1):
        name = f"lesson3-{optimizer}-{i}"
        yield Run(name, optimizer, rules(drawn=True), seed, seed, (1,), slots=slots, iteration=iteration)
    seeds, name = (SLOW_SEED, SLOW_SEED), f"lesson3-{optimizer}-slow"
    yield Run(name, optimizer, rules(drawn=False), *seeds, (50,), slow=True, compared="/kernel")


RUNS = [run for optimizer in ("rmsprop", "rmsprop-tf2", "sgd-momentum", "adam") for run in runs(optimizer)]

if __name__ == "__main__":
    main(__file__, RUNS, network)
