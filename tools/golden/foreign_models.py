"""Writes small models of other programs into packages/models/fixtures/foreign, by which their formats are recognised.

Needs tf_keras (Keras 2) besides requirements.txt. The files' bytes differ from run to run (dates, names); what counts is their form.
"""

import keras
import tensorflow as tf
import tf_keras

import golden

FOLDER = golden.ROOT / "packages/models/fixtures/foreign"


def keras3(folder):
    model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(3, "relu"), keras.layers.Dense(2, "softmax")])
    model.save(folder / "keras-3.keras")
    model.save(folder / "keras-3.h5")
    model.save_weights(folder / "keras-3.weights.h5")


def keras2(folder):
    layers = tf_keras.layers
    model = tf_keras.Sequential([layers.InputLayer((4,)), layers.Dense(3, "relu"), layers.Dense(2, "softmax")])
    model.save(folder / "keras-2.h5")
    (folder / "keras-2.tflite").write_bytes(tf.lite.TFLiteConverter.from_keras_model(model).convert())
    model.save_weights(folder / "checkpoint" / "net")


if __name__ == "__main__":
    (FOLDER / "checkpoint").mkdir(parents=True, exist_ok=True)
    keras3(FOLDER)
    keras2(FOLDER)
