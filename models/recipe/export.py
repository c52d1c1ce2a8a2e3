# Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
"""Writes a checkpoint's averaged network as ONNX, with the names, shapes and metadata that YOLOv8 exports have.

    python3 export.py CHECKPOINT OUTPUT.onnx

The graph is written node by node: batch norm is folded into the convolutions, batch, height and width are dynamic
(multiples of 32), and the anchors follow from the sizes of the feature maps inside the graph.
"""
import argparse
import os

import numpy as np
import onnx
import torch
from onnx import TensorProto, helper, numpy_helper

from cutouts import CLASSES
from evaluate import load
from network import BINS, C2f, Concat, Conv, SPPF, STRIDES, Yolov8n

OPSET = 13
METADATA = {
    "description": "Whybox YOLOv8n, trained on synthetic scenes of Tux Paint stamps",
    "author": "the Whybox authors",
    "license": "GPL-3.0-only",
    "task": "detect",
    "stride": "32",
    "batch": "1",
    "imgsz": "[320, 320]",
    "names": str(dict(enumerate(CLASSES))),
}


class Graph:
    """Nodes and weights in the making; every method returns the name of its output."""

    def __init__(self):
        self.nodes, self.weights = [], {}

    def constant(self, name, value):
        """A named weight or constant, stored once."""
        self.weights.setdefault(name, numpy_helper.from_array(np.asarray(value), name))
        return name

    def node(self, op, name, inputs, outputs=None, **attributes):
        """One node; its output is called as the node, with _output_0."""
        outputs = outputs or [f"{name}_output_0"]
        self.nodes.append(helper.make_node(op, inputs, outputs, name=name, **attributes))
        return outputs[0] if len(outputs) == 1 else outputs

    def convolution(self, name, weight_name, x, conv, bn=None):
        """A convolution, with the batch norm after it folded in."""
        weight = conv.weight.detach().double()
        bias = torch.zeros(len(weight)).double() if conv.bias is None else conv.bias.detach().double()
        if bn is not None:
            scale = bn.weight.detach().double() / (bn.running_var.double() + bn.eps).sqrt()
            weight = weight * scale[:, None, None, None]
            bias = bn.bias.detach().double() + (bias - bn.running_mean.double()) * scale
        inputs = [x, self.constant(f"{weight_name}.weight", weight.float().numpy()),
                  self.constant(f"{weight_name}.bias", bias.float().numpy())]
        (k, _), (s, _), (p, _) = conv.kernel_size, conv.stride, conv.padding
        return self.node("Conv", name, inputs, dilations=[1, 1], group=1, kernel_shape=[k, k],
                         pads=[p, p, p, p], strides=[s, s])

    def conv(self, path, weights, x, module):
        """Conv block: convolution and SiLU."""
        y = self.convolution(f"{path}/conv/Conv", f"{weights}.conv", x, module.conv, module.bn)
        gate = self.node("Sigmoid", f"{path}/act/Sigmoid", [y])
        return self.node("Mul", f"{path}/act/Mul", [y, gate])

    def c2f(self, path, weights, x, module):
        """C2f block."""
        y = self.conv(f"{path}/cv1", f"{weights}.cv1", x, module.cv1)
        sizes = self.constant(f"{weights}.split", np.array([module.half] * 2, np.int64))
        parts = self.node("Split", f"{path}/Split", [y, sizes], [f"{path}/Split_output_{i}" for i in (0, 1)], axis=1)
        for i, block in enumerate(module.m):
            y = self.conv(f"{path}/m.{i}/cv1", f"{weights}.m.{i}.cv1", parts[-1], block.cv1)
            y = self.conv(f"{path}/m.{i}/cv2", f"{weights}.m.{i}.cv2", y, block.cv2)
            if block.skip:
                y = self.node("Add", f"{path}/m.{i}/Add", [parts[-1], y])
            parts = parts + [y]
        y = self.node("Concat", f"{path}/Concat", parts, axis=1)
        return self.conv(f"{path}/cv2", f"{weights}.cv2", y, module.cv2)

    def sppf(self, path, weights, x, module):
        """SPPF block."""
        parts = [self.conv(f"{path}/cv1", f"{weights}.cv1", x, module.cv1)]
        for suffix in ("", "_1", "_2"):
            parts.append(self.node("MaxPool", f"{path}/m{suffix}/MaxPool", [parts[-1]],
                                   kernel_shape=[5, 5], pads=[2, 2, 2, 2], strides=[1, 1]))
        y = self.node("Concat", f"{path}/Concat", parts, axis=1)
        return self.conv(f"{path}/cv2", f"{weights}.cv2", y, module.cv2)

    def upsample(self, path, x):
        """Nearest neighbour, times two."""
        scales = self.constant("upsample.scales", np.array([1, 1, 2, 2], np.float32))
        return self.node("Resize", f"{path}/Resize", [x, "", scales], mode="nearest", nearest_mode="floor",
                         coordinate_transformation_mode="asymmetric")

    def anchors(self, path, level, x, stride):
        """Centres [1, 2, cells] of a level's cells in cells, and their stride [1, 1, cells], from the map's size."""
        base = f"{path}/anchors.{level}"
        number = lambda name, value: self.constant(f"anchors.{name}", np.array(value))
        shape = self.node("Shape", f"{base}/Shape", [x])
        height_width = self.node("Slice", f"{base}/Slice", [shape, number("two", [2]), number("four", [4])])
        flat = number("flat", np.array([1, 1, -1], np.int64))
        axes = []
        for axis, index, view in (("x", 3, [1, -1]), ("y", 2, [-1, 1])):
            count = self.node("Gather", f"{base}/{axis}/Gather", [shape, number(f"index_{axis}", np.int64(index))])
            cells = self.node("Range", f"{base}/{axis}/Range",
                              [number("zero", np.int64(0)), count, number("one", np.int64(1))])
            cells = self.node("Cast", f"{base}/{axis}/Cast", [cells], to=TensorProto.FLOAT)
            cells = self.node("Add", f"{base}/{axis}/Add", [cells, number("half", np.float32(0.5))])
            cells = self.node("Reshape", f"{base}/{axis}/Reshape", [cells, number(f"view_{axis}", np.array(view))])
            cells = self.node("Expand", f"{base}/{axis}/Expand", [cells, height_width])
            axes.append(self.node("Reshape", f"{base}/{axis}/Reshape_1", [cells, flat]))
        points = self.node("Concat", f"{base}/Concat", axes, axis=1)
        steps = self.node("Expand", f"{base}/Expand", [number(f"stride_{stride}", np.float32([[stride]])), height_width])
        return points, self.node("Reshape", f"{base}/Reshape", [steps, flat])

    def detect(self, path, weights, xs, module):
        """The head, decoded: output0 [N, 4 + classes, A]."""
        flat, points, steps = [], [], []
        channels = 4 * BINS + module.classes
        for i, x in enumerate(xs):
            branches = []
            for branch, layers in (("cv2", module.cv2[i]), ("cv3", module.cv3[i])):
                y = x
                for j in (0, 1):
                    y = self.conv(f"{path}/{branch}.{i}/{branch}.{i}.{j}", f"{weights}.{branch}.{i}.{j}", y, layers[j])
                branches.append(self.convolution(f"{path}/{branch}.{i}/{branch}.{i}.2/Conv",
                                                 f"{weights}.{branch}.{i}.2", y, layers[2]))
            suffix = f"_{i}" if i else ""
            level = self.node("Concat", f"{path}/Concat{suffix}", branches, axis=1)
            view = self.constant(f"{weights}.view", np.array([0, channels, -1], np.int64))
            flat.append(self.node("Reshape", f"{path}/Reshape{suffix}", [level, view]))
            centres, stride = self.anchors(path, i, level, STRIDES[i])
            points.append(centres)
            steps.append(stride)
        points = self.node("Concat", f"{path}/anchors/Concat", points, axis=2)
        steps = self.node("Concat", f"{path}/strides/Concat", steps, axis=2)
        y = self.node("Concat", f"{path}/Concat_3", flat, axis=2)
        sizes = self.constant(f"{weights}.split", np.array([4 * BINS, module.classes], np.int64))
        box, score = self.node("Split", f"{path}/Split", [y, sizes],
                               [f"{path}/Split_output_0", f"{path}/Split_output_1"], axis=1)
        bins = self.constant(f"{weights}.dfl.view", np.array([0, 4, BINS, -1], np.int64))
        y = self.node("Reshape", f"{path}/dfl/Reshape", [box, bins])
        y = self.node("Transpose", f"{path}/dfl/Transpose", [y], perm=[0, 2, 1, 3])
        y = self.node("Softmax", f"{path}/dfl/Softmax", [y], axis=1)
        mean = self.constant(f"{weights}.dfl.conv.weight", np.arange(BINS, dtype=np.float32).reshape(1, BINS, 1, 1))
        y = self.node("Conv", f"{path}/dfl/conv/Conv", [y, mean], kernel_shape=[1, 1])
        sides = self.constant(f"{weights}.dfl.sides", np.array([0, 4, -1], np.int64))
        y = self.node("Reshape", f"{path}/dfl/Reshape_1", [y, sides])
        pair = self.constant(f"{weights}.pair", np.array([2, 2], np.int64))
        near, far = self.node("Split", f"{path}/Split_1", [y, pair],
                              [f"{path}/Split_1_output_0", f"{path}/Split_1_output_1"], axis=1)
        near = self.node("Sub", f"{path}/Sub", [points, near])
        far = self.node("Add", f"{path}/Add_1", [points, far])
        both = self.node("Add", f"{path}/Add_2", [near, far])
        centre = self.node("Div", f"{path}/Div_1", [both, self.constant("two", np.float32(2))])
        size = self.node("Sub", f"{path}/Sub_1", [far, near])
        y = self.node("Concat", f"{path}/Concat_4", [centre, size], axis=1)
        y = self.node("Mul", f"{path}/Mul_2", [y, steps])
        score = self.node("Sigmoid", f"{path}/Sigmoid", [score])
        return self.node("Concat", f"{path}/Concat_5", [y, score], ["output0"], axis=1)


def build(net):
    """The ONNX model of a network."""
    graph, outputs, x = Graph(), [], "images"
    for i, layer in enumerate(net.model):
        path, weights = f"/model.{i}", f"model.{i}"
        if i in Yolov8n.SOURCES:
            x = [outputs[j] for j in Yolov8n.SOURCES[i]]
        if isinstance(layer, Conv):
            x = graph.conv(path, weights, x, layer)
        elif isinstance(layer, C2f):
            x = graph.c2f(path, weights, x, layer)
        elif isinstance(layer, SPPF):
            x = graph.sppf(path, weights, x, layer)
        elif isinstance(layer, torch.nn.Upsample):
            x = graph.upsample(path, x)
        elif isinstance(layer, Concat):
            x = graph.node("Concat", f"{path}/Concat", x, axis=1)
        else:
            x = graph.detect(path, weights, x, layer)
        outputs.append(x)
    images = helper.make_tensor_value_info("images", TensorProto.FLOAT, ["batch", 3, "height", "width"])
    output = helper.make_tensor_value_info("output0", TensorProto.FLOAT, ["batch", 4 + len(CLASSES), "anchors"])
    model = helper.make_model(
        helper.make_graph(graph.nodes, "whybox-n", [images], [output], list(graph.weights.values())),
        producer_name="whybox", opset_imports=[helper.make_opsetid("", OPSET)], ir_version=7)
    helper.set_model_props(model, METADATA)
    onnx.checker.check_model(model, full_check=True)
    return model


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("checkpoint")
    parser.add_argument("output")
    args = parser.parse_args()
    onnx.save(build(load(args.checkpoint)), args.output + ".part")
    os.replace(args.output + ".part", args.output)
