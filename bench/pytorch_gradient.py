# Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
"""PyTorch's eager autograd against ONNX Runtime on the graph that Whybox differentiated, on the bundled model.

Needs PyTorch, numpy and onnx, and Whybox and its benchmarks built (see README.md). Run in bench/:

    python3 pytorch_gradient.py [--size 640] [--threads 2] [--rounds 15] [--classpath target/benchmarks.jar]

Both first have to give the same gradient. Then they run in turn, and the medians of the ratios are printed, twice:
for one logit, of which Whybox computes what it depends on and PyTorch all heads as it is used to; and for one element
of the decoded output, for which both go through all of the network.
"""
import argparse
import os
import subprocess
import sys
import tempfile
import time

import numpy as np
import onnx
import torch
from onnx import numpy_helper
from torch import nn

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "models", "recipe"))
import network  # noqa: E402


def load(path):
    """The bundled model as a PyTorch module, batch norm folded into the convolutions as in the export."""
    weights = {t.name: torch.from_numpy(np.array(numpy_helper.to_array(t))) for t in onnx.load(path).graph.initializer}
    net = network.Yolov8n(weights["model.22.cv3.0.2.weight"].shape[0])
    for module in net.modules():
        if isinstance(module, network.Conv):
            conv = module.conv
            module.conv = nn.Conv2d(conv.in_channels, conv.out_channels, conv.kernel_size, conv.stride, conv.padding)
            module.bn = nn.Identity()
    with torch.no_grad():
        for name, module in net.named_modules():
            if isinstance(module, nn.Conv2d):
                module.weight.copy_(weights[f"{name}.weight"])
                module.bias.copy_(weights[f"{name}.bias"])
    return net.eval().requires_grad_(False)


def run(net, image, pick):
    x = image.clone().requires_grad_(True)
    start = time.perf_counter()
    value = pick(net(x))
    gradient, = torch.autograd.grad(value, x)
    return time.perf_counter() - start, gradient.numpy()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--size", type=int, default=640)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--classpath", default="target/benchmarks.jar")
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    model = os.path.join(HERE, "..", "models", "whybox-n.onnx")
    net = load(model)
    image = torch.rand((1, 3, options.size, options.size), generator=torch.Generator().manual_seed(1))
    with torch.no_grad():
        scores = network.decode(net(image))[0, 4:]
    row, anchor = divmod(int(scores.argmax()), scores.shape[1])
    picks = {
        "logit": lambda maps: network.flatten(maps)[1][0, anchor, row],
        "whole": lambda maps: network.decode(maps)[0, 4 + row, anchor],
    }
    print(f"PyTorch {torch.__version__}, {options.threads} threads, {options.size} px, {options.rounds} rounds")
    with tempfile.TemporaryDirectory() as folder:
        pixels, found = os.path.join(folder, "image"), os.path.join(folder, "gradient")
        image.numpy().tofile(pixels)
        for kind, pick in picks.items():
            command = ["java", "-cp", options.classpath, "dev.whybox.bench.GradientServer", model, str(options.size),
                       pixels, found, str(options.threads), kind, str(4 + row), str(anchor)]
            with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as server:
                def ours():
                    server.stdin.write("\n")
                    server.stdin.flush()
                    line = server.stdout.readline()
                    if not line:
                        raise SystemExit("the Java program ended early")
                    return float(line)

                for _ in range(3):
                    expected = run(net, image, pick)[1]
                    ours()
                times = np.array([(run(net, image, pick)[0], ours()) for _ in range(options.rounds)])
                server.stdin.close()
                server.wait()
            gradient = np.fromfile(found, np.float32).reshape(expected.shape)
            error = np.abs(gradient - expected).max() / np.abs(expected).max()
            if not error < 1e-3:
                raise SystemExit(f"{kind}: the gradients differ by {error:.1e} of the largest value")
            ratios = np.sort(times[:, 0] / times[:, 1])
            print(f"{kind}: PyTorch / Whybox {np.median(ratios):.2f} [{ratios[0]:.2f}, {ratios[-1]:.2f}], medians "
                  f"{np.median(times[:, 0]) * 1e3:.0f} / {np.median(times[:, 1]) * 1e3:.0f} ms, "
                  f"largest difference {error:.1e} of the largest value")


if __name__ == "__main__":
    main()
