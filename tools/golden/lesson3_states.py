"""Finds the seeds of lesson3.py's states: `python lesson3_states.py 0 500` prints the best of 500.

A network of relu and max pooling has kinks: a sum near zero, or two values in a pool's window that are nearly equal.
Where a float32 value falls on another side than the exact one, a gradient takes another way, and the gradients of two
right implementations differ by a hundredth. Keras-TensorFlow does so in most states: it averages the 25,088 values of
a channel naively, which costs BatchNorm 1e-5. So a state is chosen if TensorFlow stays on the right side all over
(8 of 500 seeds), and if no value lies near a kink, by the measure of what the convolutions alone get wrong in float32.
"""

import sys

import numpy as np

import golden
import lesson3


def forward(arrays, x, precision, averaging):
    """What meets a kink: sums before each relu, and values before each pool; [N, H, W, C] or [N, units]."""
    import tensorflow as tf

    get = lambda name: tf.cast(arrays[name], precision)  # noqa: E731
    x, sums, pooled = tf.cast(x, precision), [], []
    for i in range(1, 4):
        norm = f"batch_normalization_{i}"
        sums.append(tf.nn.conv2d(x, get(f"conv2d_{i}/kernel"), 1, "SAME") + get(f"conv2d_{i}/bias"))
        positive = tf.nn.relu(sums[-1])
        mean, variance = (tf.cast(v, precision) for v in tf.nn.moments(tf.cast(positive, averaging), (0, 1, 2)))
        pooled.append(tf.nn.batch_normalization(positive, mean, variance, get(f"{norm}/beta"), get(f"{norm}/gamma"), 1e-3))
        x = tf.nn.max_pool2d(pooled[-1], 2, 2, "SAME")
    sums.append(tf.reshape(x, (len(x), -1)) @ get("dense_1/kernel") + get("dense_1/bias"))
    return [v.numpy() for v in sums], [windows(v.numpy()) for v in pooled]


def windows(values):
    """[N, H, W, C] as its 2x2 windows: [n, 4], beyond an odd border -1e9."""
    odd = values.shape[1] % 2
    padded = np.pad(values, ((0, 0), (0, odd), (0, odd), (0, 0)), constant_values=-1e9)
    n, height, width, channels = padded.shape
    return padded.reshape(n, height // 2, 2, width // 2, 2, channels).transpose(0, 1, 3, 5, 2, 4).reshape(-1, 4)


def gaps(values):
    """Between each window's two largest; infinite for equal ones: they come of equal patches, and either is right."""
    ordered = np.sort(values, axis=1)
    gap = ordered[:, 3] - ordered[:, 2]
    return np.where(gap > 1e-11, gap, np.inf)


def margin(seed, images):
    """Values that Keras-TensorFlow puts on the wrong side of a kink, and how far from one all lie in a better float32:
    as a multiple of the largest error in that layer."""
    arrays = golden.initial(lesson3.rules(drawn=True), seed, {})
    x = images[golden.batches(seed, 60000, 32, 1)[0][0]][..., None]
    sums, pools = forward(arrays, x, "float64", "float64")
    keras_sums, keras_pools = forward(arrays, x, "float32", "float32")
    wrong = sum(int(np.sum((a > 0) != (b > 0))) for a, b in zip(sums, keras_sums))
    for exact, single in zip(pools, keras_pools):
        wrong += int(np.sum((exact.argmax(1) != single.argmax(1)) & np.isfinite(gaps(exact))))
    better_sums, better_pools = forward(arrays, x, "float32", "float64")
    margins = [np.abs(a).min() / np.abs(a - b).max() for a, b in zip(sums, better_sums)]
    margins += [gaps(a).min() / np.abs(a - b).max() for a, b in zip(pools, better_pools)]
    return wrong, float(min(margins))


def main(first, last):
    images, _ = golden.mnist()
    found = [(*margin(seed, images), seed) for seed in range(first, last)]
    for wrong, distance, seed in sorted(found, key=lambda state: (state[0], -state[1]))[:10]:
        print(f"seed {seed}: {wrong} on the wrong side, all at least {distance:.2f} errors from a kink")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
