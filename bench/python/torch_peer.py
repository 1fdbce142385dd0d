"""PyTorch as a peer: eager, through torch.compile, or on a GPU as a CUDA graph; in the order of axes that is faster.

PyTorch's own RMSprop adds epsilon beside the root. Here is Keras' formula, made of the same fused-over-all-weights calls.
"""

import sys

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

from serve import ON_GPU, THREADS, milliseconds, serve

torch.set_num_threads(THREADS)
MODE = sys.argv[1]  # eager, compile or graphs
DEVICE = "cuda" if ON_GPU else "cpu"
if ON_GPU:
    if not torch.cuda.is_available():
        raise SystemExit("PyTorch sees no CUDA device")
    # Full float32: cuDNN would use TF32 otherwise.
    torch.backends.cuda.matmul.allow_tf32 = False
    torch.backends.cudnn.allow_tf32 = False
    torch.backends.cudnn.benchmark = True


class Flatten(nn.Module):
    def forward(self, x):
        return x.permute(0, 2, 3, 1).reshape(len(x), -1)  # as Keras: [H, W, C]


class MaxPool(nn.Module):
    def forward(self, x):
        return F.max_pool2d(x, 2, 2, ceil_mode=True)


def model_of(lesson, dropout):
    if lesson.flat:
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
    return load(model, lesson.weights).to(DEVICE)


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


def affine(matrices):
    """Sampling matrices of 28x28 images as F.affine_grid has them: x before y, from -1 to 1."""
    half = 13.5
    (rr, rc, r0), (cr, cc, c0) = matrices.transpose(1, 2, 0)
    rows = [rc, rr, rr + rc + r0 / half - 1]
    columns = [cc, cr, cr + cc + c0 / half - 1]
    return torch.from_numpy(np.array([columns, rows], np.float32)).permute(2, 0, 1).contiguous()


def sample(x, theta):
    """Images [N, 1, 28, 28] read linearly, beyond the edge the nearest pixel."""
    grid = F.affine_grid(theta, x.shape, align_corners=True)
    return F.grid_sample(x, grid, padding_mode="border", align_corners=True)


class Form:
    """One order of axes. All rows lie on the device."""

    def __init__(self, lesson, dropout, learning_rate, channels_last):
        self.lesson = lesson
        self.model = model_of(lesson, dropout).train()
        self.rows = [torch.from_numpy(lesson.x), torch.from_numpy(lesson.labels).long()]
        if not lesson.flat:
            layout = torch.channels_last if channels_last else torch.contiguous_format
            self.model = self.model.to(memory_format=layout)
            self.rows[0] = self.rows[0].permute(0, 3, 1, 2).contiguous(memory_format=layout)
        if lesson.matrices is not None:
            self.rows.append(affine(lesson.matrices))
        self.rows = [rows.to(DEVICE) for rows in self.rows]
        self.optimizer = RMSprop(self.model.parameters(), learning_rate)
        self.forward = torch.compile(self.loss) if MODE == "compile" else self.loss
        self.update = torch.compile(self.optimizer.step) if MODE == "compile" else self.optimizer.step
        self.total = torch.zeros((), device=DEVICE)
        self.graph = None

    def loss(self, x, labels, *theta):
        return F.cross_entropy(self.model(sample(x, *theta) if theta else x), labels)

    def step(self, batch):
        loss = self.forward(*batch)
        for p in self.optimizer.parameters:
            p.grad = None
        loss.backward()
        self.update()
        self.total += loss.detach()

    def run(self, first, count):
        self.total.zero_()
        if MODE == "graphs":
            self.replay(first, count)
        else:
            for i in range(first, first + count):
                rows = self.lesson.rows(i)
                self.step([part[rows] for part in self.rows])
        return float(self.total) / count

    def replay(self, first, count):
        if self.graph is None:
            self.capture()
        self.at.copy_(self.places + self.lesson.rows(first).start)
        for _ in range(count):
            self.graph.replay()

    def capture(self):
        """Records a step that finds its batch and moves on to the next by itself; steps to warm up leave no trace."""
        self.places = torch.arange(self.lesson.batch_size, device=DEVICE)
        self.at = self.places.clone()
        state = [*self.model.parameters(), *self.model.buffers(), *self.optimizer.squares, self.total]
        kept = [part.detach().clone() for part in state]
        side = torch.cuda.Stream()
        side.wait_stream(torch.cuda.current_stream())
        with torch.cuda.stream(side):
            for _ in range(3):
                self.step_on()
        torch.cuda.current_stream().wait_stream(side)
        self.graph = torch.cuda.CUDAGraph()
        with torch.cuda.graph(self.graph):
            self.step_on()
        with torch.no_grad():
            for part, value in zip(state, kept):
                part.copy_(value)

    def step_on(self):
        self.step([part.index_select(0, self.at) for part in self.rows])
        self.at.add_(self.lesson.batch_size).remainder_(len(self.rows[0]))


class Trainer:
    def __init__(self, *arguments):
        self.arguments = arguments
        self.form = Form(*arguments, channels_last=False)

    def run(self, first, count):
        return self.form.run(first, count)

    def tune(self):
        if self.form.lesson.flat:
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
    version = f"{torch.__version__} on {torch.cuda.get_device_name()}" if ON_GPU else torch.__version__
    notes = []
    start = staticmethod(Trainer)


serve(Torch)
