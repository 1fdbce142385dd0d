"""Small networks with options on which engines may differ from Keras: what Keras 3 predicts, loses and trains.

Each case is a functional network as tfjs writes topologies, start weights, bytes as images, labels, and a job. Keras runs
it in float64; beside its float64 values nothing is kept, for the networks are small and keep away from kinks. A `keras3`
case has formulas that Keras 3 alone has, so its topology says that it comes from there.
"""

import json
import os

os.environ |= {"KERAS_BACKEND": "tensorflow", "TF_CPP_MIN_LOG_LEVEL": "3", "TF_ENABLE_ONEDNN_OPTS": "0"}
import keras
import numpy as np

import golden

CLASSES = 3
L2 = {"class_name": "L1L2", "config": {"l1": 0.0, "l2": 0.05}}
BOTH = {"class_name": "L1L2", "config": {"l1": 0.02, "l2": 0.01}}


def max_norm(axis, limit=0.4):
    return {"class_name": "MaxNorm", "config": {"max_value": limit, "axis": axis}}


def layer(class_name, name, inputs, **config):
    return {"class_name": class_name, "name": name, "config": {"name": name, **config}, "inputs": inputs}


def chain(*layers):
    """Layers one behind another, after the input `image`."""
    names = ["image", *(entry[1] for entry in layers)]
    return [layer(kind, name, [names[i]], **config) for i, (kind, name, config) in enumerate(layers)]


def conv(name, filters=3, **config):
    return ("Conv2D", name, {"filters": filters, "kernel_size": [3, 3], "padding": "same"} | config)


FLAT = ("Flatten", "flat", {})
SGD = {"name": "sgd", "learningRate": 0.5, "momentum": 0}
ADAM = {"name": "adam", "learningRate": 0.01, "beta1": 0.9, "beta2": 0.999, "epsilon": 1e-7}
SMALL = SGD | {"learningRate": 0.1}


def joined(axis):
    return [
        layer("Conv2D", "left", ["image"], filters=3, kernel_size=[3, 3], padding="same"),
        layer("Conv2D", "right", ["image"], filters=3, kernel_size=[3, 3], padding="same"),
        layer("Concatenate", "joined", ["left", "right"], axis=axis),
        layer("BatchNormalization", "norm", ["joined"]),
        layer("Flatten", "flat", ["norm"]),
    ]


def case(name, layers, shape=(4, 4, 2), rows=4, optimizer=SGD, steps=1, keras3=False, still=None):
    """`still` is the layer whose weights don't move by a bit."""
    return dict(name=name, layers=layers, shape=list(shape), rows=rows, optimizer=optimizer, steps=steps, keras3=keras3, still=still)


CASES = [
    *(case(f"Concatenate along axis {axis}", joined(axis)) for axis in (-3, -2, -1, 1, 2)),
    case("GlobalMaxPooling2D over equal values", chain(conv("conv"), ("UpSampling2D", "up", {"size": [1, 3]}), ("GlobalMaxPooling2D", "top", {}))),
    case("a frozen Dense with a penalty", chain(FLAT, ("Dense", "frozen", {"units": 4, "trainable": False, "kernel_regularizer": L2})), still="frozen"),
    case("a trained Dense with a penalty", chain(FLAT, ("Dense", "hidden", {"units": 4, "kernel_regularizer": BOTH, "bias_regularizer": L2})), optimizer=SMALL),
    case("penalties of depthwise kernels", chain(("DepthwiseConv2D", "depthwise", {"kernel_size": [3, 3], "depth_multiplier": 2, "depthwise_regularizer": BOTH}), FLAT), optimizer=SMALL),
    case(
        "penalties of separable kernels",
        chain(("SeparableConv2D", "separable", {"filters": 3, "kernel_size": [3, 3], "depth_multiplier": 2, "depthwise_regularizer": L2, "pointwise_regularizer": BOTH}), FLAT),
        optimizer=SMALL,
    ),
    *(
        case(
            f"max-norm after step {steps} of three that make one update",
            chain(conv("conv", kernel_constraint=max_norm([0, 1, 2])), FLAT, ("Dense", "hidden", {"units": 4, "kernel_constraint": max_norm(0), "bias_constraint": max_norm(0, 0.1)})),
            optimizer=SGD | {"accumulationSteps": 3},
            steps=steps,
        )
        for steps in (1, 2, 3, 4)
    ),
    case("BatchNormalization of one flat sample", chain(FLAT, ("Dense", "hidden", {"units": 5}), ("BatchNormalization", "norm", {"epsilon": 0.001})), rows=1, optimizer=ADAM, still="hidden"),
    case(
        "BatchNormalization over one pixel of one image",
        chain(("Conv2D", "conv", {"filters": 5, "kernel_size": [4, 4]}), ("BatchNormalization", "norm", {"epsilon": 0.001}), FLAT),
        rows=1,
        optimizer=ADAM,
        still="conv",
    ),
    case("LayerNormalization of one channel", chain(conv("conv", 1), ("LayerNormalization", "norm", {}), FLAT), optimizer=ADAM, still="conv"),
    case("Softmax over rows", chain(conv("conv"), ("Softmax", "shares", {"axis": 1}), FLAT)),
    case("Softmax over rows and columns", chain(conv("conv"), ("Softmax", "shares", {"axis": [1, 2]}), FLAT)),
    case("hard_sigmoid", chain(conv("conv", activation="hard_sigmoid"), FLAT, ("Dense", "hidden", {"units": 4}), ("Activation", "gate", {"activation": "hard_sigmoid"})), keras3=True),
    *(
        case(f"bilinear UpSampling2D by {y} and {x}", chain(conv("conv"), ("UpSampling2D", "up", {"size": [y, x], "interpolation": "bilinear"}), conv("after", 2), FLAT), shape=shape, optimizer=SMALL, keras3=True)
        for y, x, shape in ((2, 2, (4, 4, 2)), (3, 1, (3, 4, 2)), (4, 5, (2, 3, 1)), (1, 1, (3, 3, 1)), (2, 3, (1, 2, 1)))
    ),
]


def network(entry):
    """Keras' model with logits as its output."""
    made = {"image": keras.Input(entry["shape"], name="image")}
    for one in [*entry["layers"], layer("Dense", "classes", [entry["layers"][-1]["name"]], units=CLASSES)]:
        config = {k: tuple(v) if isinstance(v, list) and k != "axis" else v for k, v in one["config"].items()}
        inputs = [made[name] for name in one["inputs"]]
        made[one["name"]] = getattr(keras.layers, one["class_name"])(**config)(inputs if len(inputs) > 1 else inputs[0])
    return keras.Model(made["image"], made["classes"])


def topology(entry):
    """The same as tfjs writes it, with a softmax."""
    last = entry["layers"][-1]["name"]
    dense = layer("Dense", "classes", [last], units=CLASSES, activation="softmax")
    image = {"class_name": "InputLayer", "name": "image", "config": {"name": "image", "batch_input_shape": [None, *entry["shape"]], "dtype": "float32"}, "inbound_nodes": []}
    layers = [
        {"class_name": one["class_name"], "name": one["name"], "config": one["config"], "inbound_nodes": [[[name, 0, 0, {}] for name in one["inputs"]]]}
        for one in [*entry["layers"], dense]
    ]
    config = {"name": "case", "layers": [image, *layers], "input_layers": [["image", 0, 0]], "output_layers": [["classes", 0, 0]]}
    version = {"keras_version": keras.__version__} if entry["keras3"] else {}
    return {**version, "model_config": {"class_name": "Model", "config": config}}


def optimizer(config):
    rate, steps = config["learningRate"], config.get("accumulationSteps")
    if config["name"] == "adam":
        return keras.optimizers.Adam(rate, config["beta1"], config["beta2"], config["epsilon"])
    return keras.optimizers.SGD(rate, gradient_accumulation_steps=steps)


def numbers(values):
    return [float(f"{v:.8g}") for v in np.asarray(values, np.float64).ravel()]


def run(entry, seed):
    model = network(entry)
    random = np.random.RandomState(seed)
    spread = lambda variable: (0.5, 1.5) if "gamma" in variable.path or "variance" in variable.path else (-0.5, 0.5)
    start = [np.round(random.uniform(*spread(v), v.shape), 3).astype(np.float32) for v in model.weights]
    model.set_weights(start)
    count = entry["rows"] * entry["steps"]
    images = random.randint(0, 256, (count, *entry["shape"])).astype(np.uint8)
    labels = random.randint(0, CLASSES, count)
    x, y = images / 255.0, keras.utils.to_categorical(labels, CLASSES)
    model.compile(optimizer(entry["optimizer"]), keras.losses.CategoricalCrossentropy(from_logits=True))
    softmax = lambda: keras.ops.convert_to_numpy(keras.ops.softmax(model.predict(x, batch_size=count, verbose=0)))
    before, evaluated = softmax(), float(model.evaluate(x, y, batch_size=count, verbose=0))
    total = 0.0
    for step in range(entry["steps"]):
        model.reset_metrics()
        rows = slice(step * entry["rows"], (step + 1) * entry["rows"])
        total += float(model.train_on_batch(x[rows], y[rows])) * entry["rows"]
    depthwise = {one["name"] for one in entry["layers"] if one["class_name"] == "DepthwiseConv2D"}
    # Keras 3 calls it kernel, Keras 2 and tfjs depthwise_kernel.
    names = [f"{v.path.split('/')[0]}/depthwise_kernel" if v.path.split("/")[0] in depthwise and v.name == "kernel" else v.path for v in model.weights]
    result = {
        "topology": topology(entry),
        "still": entry["still"],
        "weights": [{"name": name, "shape": list(w.shape), "values": [float(f"{v:.3f}") for v in w.ravel()]} for name, w in zip(names, start)],
        "optimizer": entry["optimizer"],
        "batchSize": entry["rows"],
        "shape": entry["shape"],
        "images": images.ravel().tolist(),
        "labels": labels.tolist(),
        "outputs": numbers(before),
        "evaluated": evaluated,
        "loss": total,
        "after": [numbers(w) for w in model.get_weights()],
        "outputsAfter": numbers(softmax()),
    }
    return {"name": entry["name"], **result}


keras.config.set_floatx("float64")
cases = [run(entry, 40 + i) for i, entry in enumerate(CASES)]
path = golden.ROOT / "packages/engine/fixtures/parity.json"
lines = ",\n".join(json.dumps(entry) for entry in cases)
path.write_text(f'{{"format": "gicho-parity", "versions": {json.dumps(golden.versions())}, "cases": [\n{lines}\n]}}\n')
print(f"{path.relative_to(golden.ROOT)}: {path.stat().st_size} bytes")
