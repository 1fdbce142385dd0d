"""PyTorch as a peer: eager, or through torch.compile; in the order of axes that is faster.

PyTorch's own RMSprop adds epsilon beside the root. Here is Keras' formula, made of the same fused-over-all-weights calls.
"""

import sys

import torch
from torch import nn
from torch.nn import functional as F

from serve import THREADS, milliseconds, serve

torch.set_num_threads(THREADS)
COMPILE = sys.argv[1:] == ["compile"]


class Flatten(nn.Module):
    def forward(self, x):
        return x.permute(0, 2, 3, 1).reshape(len(x), -1)  # as Keras: [H, W, C]


class MaxPool(nn.Module):
    def forward(self, x):
        return F.max_pool2d(x, 2, 2, ceil_mode=True)


def model_of(lesson, dropout):
    if lesson.name == "perceptron":
        layers = {"dense_1": nn.Linear(784, 512), "relu_1": nn.ReLU(), "dense_2": nn.Linear(512, 512)}
        layers |= {"relu_2": nn.ReLU(), "dense_3": nn.Linear(512, lesson.classes)}
    else:
        layers, channels = {}, 1
        for i, filters in enumerate((75, 50, 25), 1):
            layers |= {f"conv2d_{i}": nn.Conv2d(channels, filters, 3, padding=1), f"relu_{i}": nn.ReLU()}
            if dropout and i == 2:
                layers["dropout_1"] = nn.Dropout(0.2)
            layers |= {
                f"batch_normalization_{i}": nn.BatchNorm2d(filters, eps=1e-3, momentum=0.01),
                f"pool_{i}": MaxPool(),
            }
            channels = filters
        layers |= {"flatten": Flatten(), "dense_1": nn.Linear(400, 512), "relu_4": nn.ReLU()}
        if dropout:
            layers["dropout_2"] = nn.Dropout(0.3)
        layers["dense_2"] = nn.Linear(512, lesson.classes)
    model = nn.Sequential()
    for name, layer in layers.items():
        model.add_module(name, layer)
    return load(model, lesson.weights)


NAMES = {"kernel": "weight", "gamma": "weight", "beta": "bias", "moving_mean": "running_mean", "moving_variance": "running_var"}


def load(model, weights):
    with torch.no_grad():
        for name, values in weights.items():
            layer, part = name.split("/")
            axes = {4: (3, 2, 0, 1), 2: (1, 0)}.get(values.ndim, (0,))
            target = getattr(model.get_submodule(layer), NAMES.get(part, part))
            target.copy_(torch.tensor(values.transpose(axes).copy()))
    return model


class RMSprop:
    def __init__(self, parameters, learning_rate):
        self.parameters = list(parameters)
        self.squares = [torch.zeros_like(p) for p in self.parameters]
        self.learning_rate = learning_rate

    @torch.no_grad()
    def step(self):
        gradients = [p.grad for p in self.parameters]
        torch._foreach_mul_(self.squares, 0.9)
        torch._foreach_addcmul_(self.squares, gradients, gradients, value=0.1)
        roots = torch._foreach_add(self.squares, 1e-7)
        torch._foreach_sqrt_(roots)
        torch._foreach_addcdiv_(self.parameters, gradients, roots, value=-self.learning_rate)


class Form:
    """One order of axes."""

    def __init__(self, lesson, dropout, learning_rate, channels_last):
        self.lesson = lesson
        self.model = model_of(lesson, dropout).train()
        self.x = torch.from_numpy(lesson.x)
        if lesson.name == "network":
            self.x = self.x.permute(0, 3, 1, 2).contiguous()
            if channels_last:
                self.model = self.model.to(memory_format=torch.channels_last)
                self.x = self.x.to(memory_format=torch.channels_last)
        self.labels = torch.from_numpy(lesson.labels).long()
        self.optimizer = RMSprop(self.model.parameters(), learning_rate)
        self.forward = torch.compile(self.loss) if COMPILE else self.loss
        self.update = torch.compile(self.optimizer.step) if COMPILE else self.optimizer.step

    def loss(self, x, labels):
        return F.cross_entropy(self.model(x), labels)

    def run(self, first, count):
        losses = []
        for i in range(first, first + count):
            rows = self.lesson.rows(i)
            loss = self.forward(self.x[rows], self.labels[rows])
            for p in self.optimizer.parameters:
                p.grad = None
            loss.backward()
            self.update()
            losses.append(loss.detach())
        return float(torch.stack(losses).mean())


class Trainer:
    def __init__(self, *arguments):
        self.arguments = arguments
        self.form = Form(*arguments, channels_last=False)

    def run(self, first, count):
        return self.form.run(first, count)

    def tune(self):
        if self.form.lesson.name == "perceptron":
            return None, None
        forms = {"channels first": self.form, "channels last": Form(*self.arguments, channels_last=True)}
        tried = {}
        for name, form in forms.items():
            form.run(0, 4)
            tried[name] = min(milliseconds(form, 4, 2, 16)[0] / 16 for _ in range(2))
        best = min(tried, key=tried.get)
        self.form = forms[best]
        return best, tried


class Torch:
    version = torch.__version__
    notes = []
    start = staticmethod(Trainer)


serve(Torch)
