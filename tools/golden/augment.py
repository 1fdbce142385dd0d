"""Writes packages/augment/fixtures/*.json: what Keras' ImageDataGenerator draws, and what images it makes.

Images come from RandomState(seed) by one of four rules (see `image`), results are described by the start of a SHA-256
over their float32 bytes and by six pixels. Options stand in the fixture as @gicho/augment takes them: a number below 1
is a share, a whole number is Python's int, {"uniform": x} is Python's float. Needs scipy and Pillow.
"""

import hashlib
import os
import warnings

os.environ.setdefault("KERAS_BACKEND", "tensorflow")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import numpy as np
import scipy.ndimage
from keras.src.legacy.preprocessing.image import ImageDataGenerator

import golden

FIXTURES = golden.ROOT / "packages/augment/fixtures"
NAMES = {
    "rotationRange": "rotation_range", "widthShiftRange": "width_shift_range", "heightShiftRange": "height_shift_range",
    "shearRange": "shear_range", "zoomRange": "zoom_range", "channelShiftRange": "channel_shift_range",
    "brightnessRange": "brightness_range", "horizontalFlip": "horizontal_flip", "verticalFlip": "vertical_flip",
    "fillMode": "fill_mode", "cval": "cval", "rescale": "rescale", "samplewiseCenter": "samplewise_center",
    "samplewiseStdNormalization": "samplewise_std_normalization", "featurewiseCenter": "featurewise_center",
    "featurewiseStdNormalization": "featurewise_std_normalization", "zcaWhitening": "zca_whitening",
    "zcaEpsilon": "zca_epsilon", "validationSplit": "validation_split",
}  # fmt: skip
FIELDS = ("theta", "tx", "ty", "shear", "zx", "zy", "flip_horizontal", "flip_vertical", "channel_shift_intensity", "brightness")


def generator(options):
    def python(value):
        return float(value["uniform"]) if isinstance(value, dict) else value

    return ImageDataGenerator(**{NAMES[name]: python(value) for name, value in options.items() if name != "brightnessMode"})


def image(kind, seed, shape):
    random, count = np.random.RandomState(seed), int(np.prod(shape))
    if kind == "bytes":
        values = random.randint(0, 256, count)
    elif kind == "strokes":  # mostly black
        values = random.randint(0, 256, count)
        values[values < 200] = 0
    elif kind == "unit":
        values = random.random(count)
    elif kind == "signed":
        values = random.uniform(-1, 1, count)
    return values.astype(np.float32).reshape(shape)


def digest(values, length=12):
    return hashlib.sha256(np.ascontiguousarray(values).tobytes()).hexdigest()[:length]


def digits(value):
    return float(f"{value:.9g}")


def described(values):
    flat = np.ascontiguousarray(values, np.float32).ravel()
    places = np.unique(np.linspace(0, flat.size - 1, 6).astype(int))
    return {"sha256": digest(flat), "pixels": [digits(flat[i]) for i in places]}


def draw_row(draw):
    row = [draw[field] for field in FIELDS]
    return [v.item() if isinstance(v, np.generic) else v for v in row]


def matrix_of(keras, shape, draw):
    """The matrix and offset that Keras hands to scipy."""
    seen, original = [], scipy.ndimage.interpolation.affine_transform

    def spy(values, matrix, offset, **rest):
        seen.append([float(v) for v in (*matrix[0], offset[0], *matrix[1], offset[1])])
        return values

    scipy.ndimage.interpolation.affine_transform = spy
    keras.apply_transform(np.zeros(shape, np.float32), {**draw, "brightness": None})
    scipy.ndimage.interpolation.affine_transform = original
    return seen[0] if seen else None


DRAW_SETTINGS = [
    {},
    {"rotationRange": 10, "zoomRange": 0.1, "widthShiftRange": 0.1, "heightShiftRange": 0.1, "horizontalFlip": True},
    {"rotationRange": 180},
    {"rotationRange": 720.5},
    {"rotationRange": -15},
    {"horizontalFlip": True},
    {"verticalFlip": True},
    {"widthShiftRange": 0.25},
    {"heightShiftRange": 0.25},
    {"widthShiftRange": 3, "heightShiftRange": 5},
    {"widthShiftRange": 1},
    {"widthShiftRange": {"uniform": 1}, "heightShiftRange": {"uniform": 3}},
    {"widthShiftRange": 2.5},
    {"widthShiftRange": [1, 4, 9], "heightShiftRange": [0.1, 0.2, 0.5]},
    {"heightShiftRange": [2], "widthShiftRange": [-3, 0.5]},
    {"heightShiftRange": [0], "widthShiftRange": []},
    {"shearRange": 12},
    {"zoomRange": 0.3},
    {"zoomRange": [0.5, 2]},
    {"zoomRange": [1, 1]},
    {"channelShiftRange": 20.5},
    {"brightnessRange": [0.2, 1.5]},
    {"rotationRange": 30, "widthShiftRange": 0.2, "heightShiftRange": 2, "shearRange": 5, "zoomRange": [0.8, 1.1], "horizontalFlip": True, "verticalFlip": True, "channelShiftRange": 0.1, "brightnessRange": [0.9, 1.1]},
]  # fmt: skip


def draws(number, options):
    keras, shape = generator(options), ((28, 28, 1), (13, 21, 3))[number % 2]
    first = keras.get_random_transform(shape, seed=number)
    all_draws = [first, *(keras.get_random_transform(shape) for _ in range(7))]
    key, position = np.random.get_state(legacy=True)[1:3]
    state = {"position": position, "sha256": hashlib.sha256(key.astype("<u4").tobytes()).hexdigest()[:12]}
    matrices = [matrix_of(keras, shape, draw) for draw in all_draws[:3]]
    return {"options": options, "shape": list(shape), "seed": number, "draws": [draw_row(d) for d in all_draws], "matrices": matrices, "state": state}


def random_options(random):
    """Settings, each on now and then, with two decimals."""

    def some(low, high):
        return round(float(random.uniform(low, high)), 2)

    def shift():
        return (some(0.01, 0.6), int(random.randint(1, 6)), {"uniform": some(1, 6)}, [1, 3, 7], [some(0, 0.9), some(0, 0.9)])[random.randint(5)]

    makers = {
        "rotationRange": lambda: (some(1, 40), 180, 360)[random.randint(3)],
        "widthShiftRange": shift,
        "heightShiftRange": shift,
        "shearRange": lambda: some(1, 50),
        "zoomRange": lambda: (some(0.01, 0.9), [some(0.2, 1), some(1, 3)])[random.randint(2)],
        "channelShiftRange": lambda: some(0.1, 60),
        "horizontalFlip": lambda: True,
        "verticalFlip": lambda: True,
    }
    options = {name: make() for name, make in makers.items() if random.random() < 0.45}
    options["fillMode"] = ("nearest", "constant", "reflect", "wrap")[random.randint(4)]
    if options["fillMode"] == "constant" and random.random() < 0.5:
        options["cval"] = some(-2, 255)
    return options


def random_shape(random):
    channels = (1, 1, 1, 3, 3, 4)[random.randint(6)]
    if random.random() < 0.25:
        return [28, 28, channels]
    return [int(random.randint(1, 34)), int(random.randint(1, 34)), channels]


def image_case(number):
    random = np.random.RandomState(50000 + number)
    options, shape = random_options(random), random_shape(random)
    kind = ("bytes", "strokes", "unit", "signed")[number % 4]
    made = generator(options).random_transform(image(kind, number, shape), seed=number)
    return {"options": options, "kind": kind, "shape": shape, **described(made)}


def brightness_case(number):
    random = np.random.RandomState(90000 + number)
    options = {"brightnessRange": [0.1, 2.5], "brightnessMode": "keras", "rotationRange": (0, 20)[number % 2], "verticalFlip": True}
    shape, kind = random_shape(random), ("bytes", "unit", "signed")[number % 3]
    made = generator(options).random_transform(image(kind, number, shape), seed=number)
    return {"options": options, "kind": kind, "shape": shape, **described(made)}


FLOWS = [
    ({"rotationRange": 10, "zoomRange": 0.1, "widthShiftRange": 0.1, "heightShiftRange": 0.1, "horizontalFlip": True}, {"batchSize": 4, "seed": 7}, 1),
    ({"rotationRange": 10}, {"batchSize": 4}, 1),
    ({"horizontalFlip": True}, {"batchSize": 5, "shuffle": False, "seed": 3}, 3),
    ({"rotationRange": 5}, {"batchSize": 32}, 1),
    ({"rotationRange": 5, "validationSplit": 0.3}, {"batchSize": 4, "subset": "training", "seed": 1}, 1),
    ({"rotationRange": 5, "validationSplit": 0.3}, {"batchSize": 2, "subset": "validation", "seed": 1}, 1),
    ({"rescale": 1 / 255, "rotationRange": 20, "horizontalFlip": True, "verticalFlip": True}, {"batchSize": 4}, 3),
    *(
        ({"samplewiseCenter": True, "samplewiseStdNormalization": True, "horizontalFlip": True, "verticalFlip": True, **more}, {"batchSize": 4}, channels)
        for channels in (1, 3)
        for more in ({}, {"rotationRange": 20}, {"channelShiftRange": 9.5}, {"zoomRange": [0.5, 1.5], "rescale": 0.01})
    ),
    *(
        ({"featurewiseCenter": True, "featurewiseStdNormalization": True, "rotationRange": 20, **more}, {"batchSize": 4}, channels)
        for channels in (1, 3)
        for more in ({}, {"rescale": 1 / 255})
    ),
]  # fmt: skip


def flow_case(number, options, flow, channels):
    count, shape = 11, [9, 14, channels]
    keras = generator(options)
    pictures = image("bytes", number, [count, *shape])
    labels = np.arange(count)
    fitted = {}
    if options.get("featurewiseCenter"):
        fit = {"augment": True, "rounds": 2, "seed": number} if number % 2 else {}
        keras.fit(pictures, **fit)
        fitted = {"fit": fit, "mean": [digits(v) for v in keras.mean.ravel()], "std": [digits(v) for v in keras.std.ravel()]}
    arguments = {"batch_size": flow["batchSize"], "shuffle": flow.get("shuffle", True), "seed": flow.get("seed"), "subset": flow.get("subset")}
    np.random.seed(number)
    iterator = keras.flow(pictures, labels, ignore_class_split=True, **arguments)

    def one(batch):
        return {"labels": batch[1].tolist(), "sha256": digest(batch[0])}

    first = [one(next(iterator)) for _ in range(7)]
    iterator.reset()
    after_reset = [one(next(iterator)) for _ in range(2)]
    at = one(iterator[len(iterator) - 1])
    iterator.on_epoch_end()
    at_later = one(iterator[0])
    return {"options": options, "flow": flow, "channels": channels, **fitted, "batches": first, "afterReset": after_reset, "at": at, "atLater": at_later}


def zca_case():
    options = {"zcaWhitening": True, "zcaEpsilon": 1e-6}
    keras, pictures = generator(options), image("bytes", 5, [60, 4, 3, 1])
    keras.fit(pictures)
    white = keras.standardize(pictures[:2].copy())
    return {"options": options, "matrix": [digits(v) for v in keras.zca_whitening_matrix.ravel()], "white": [digits(v) for v in white.ravel()]}


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    numpy_state = {"versions": {**golden.versions(), "scipy": scipy.__version__}}
    golden.write_fixture(FIXTURES / "draws.json", {**numpy_state, "settings": [draws(i, o) for i, o in enumerate(DRAW_SETTINGS)]})
    golden.write_fixture(FIXTURES / "images.json", {**numpy_state, "cases": [image_case(i) for i in range(320)]})
    golden.write_fixture(FIXTURES / "brightness.json", {**numpy_state, "cases": [brightness_case(i) for i in range(60)]})
    golden.write_fixture(FIXTURES / "flows.json", {**numpy_state, "flows": [flow_case(i, *f) for i, f in enumerate(FLOWS)], "zca": zca_case()})
