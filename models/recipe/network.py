# Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
"""YOLOv8n, written from the published facts of the architecture (widths, depths, wiring, names of the layers).

A scale is (depth 0.33, width 0.25): channels 16, 32, 64, 128, 256 and one or two bottlenecks a C2f block, about
3.0 million parameters. Layers are numbered model.0 to model.22 as in every YOLOv8 export:

    backbone  0 Conv/2  1 Conv/4  2 C2f  3 Conv/8  4 C2f  5 Conv/16  6 C2f  7 Conv/32  8 C2f  9 SPPF
    neck      10 up  11 cat 6  12 C2f  13 up  14 cat 4  15 C2f (P3)  16 Conv  17 cat 12  18 C2f (P4)
              19 Conv  20 cat 9  21 C2f (P5)
    head      22 Detect on 15, 18, 21 (strides 8, 16, 32)
"""
import math

import torch
from torch import nn

STRIDES = (8, 16, 32)
BINS = 16  # of the distribution over a side's distance, in units of the stride


class Conv(nn.Module):
    """Convolution, batch norm, SiLU."""

    def __init__(self, c_in, c_out, k=1, s=1):
        super().__init__()
        self.conv = nn.Conv2d(c_in, c_out, k, s, k // 2, bias=False)
        self.bn = nn.BatchNorm2d(c_out, eps=1e-3, momentum=0.03)
        self.act = nn.SiLU(inplace=True)

    def forward(self, x):
        return self.act(self.bn(self.conv(x)))


class Bottleneck(nn.Module):
    """Two 3x3 convolutions, with a skip connection if asked."""

    def __init__(self, c, skip):
        super().__init__()
        self.cv1, self.cv2, self.skip = Conv(c, c, 3), Conv(c, c, 3), skip

    def forward(self, x):
        y = self.cv2(self.cv1(x))
        return x + y if self.skip else y


class C2f(nn.Module):
    """Split in two, pass one half through a chain of bottlenecks, and concatenate every stage."""

    def __init__(self, c_in, c_out, n, skip):
        super().__init__()
        self.half = c_out // 2
        self.cv1 = Conv(c_in, 2 * self.half)
        self.cv2 = Conv((2 + n) * self.half, c_out)
        self.m = nn.ModuleList(Bottleneck(self.half, skip) for _ in range(n))

    def forward(self, x):
        parts = list(self.cv1(x).split(self.half, 1))
        for block in self.m:
            parts.append(block(parts[-1]))
        return self.cv2(torch.cat(parts, 1))


class SPPF(nn.Module):
    """Three 5x5 max pools in a row, all stages concatenated."""

    def __init__(self, c):
        super().__init__()
        self.cv1, self.cv2 = Conv(c, c // 2), Conv(2 * c, c)
        self.m = nn.MaxPool2d(5, 1, 2)

    def forward(self, x):
        parts = [self.cv1(x)]
        for _ in range(3):
            parts.append(self.m(parts[-1]))
        return self.cv2(torch.cat(parts, 1))


class Concat(nn.Module):
    """Concatenation over channels."""

    def forward(self, xs):
        return torch.cat(xs, 1)


class Detect(nn.Module):
    """Decoupled head: a box branch (4 x BINS logits) and a class branch a level; returns raw maps, see decode()."""

    def __init__(self, classes, channels):
        super().__init__()
        self.classes = classes
        c2, c3 = max(16, channels[0] // 4, 4 * BINS), max(channels[0], min(classes, 100))
        self.cv2 = nn.ModuleList(
            nn.Sequential(Conv(c, c2, 3), Conv(c2, c2, 3), nn.Conv2d(c2, 4 * BINS, 1)) for c in channels)
        self.cv3 = nn.ModuleList(
            nn.Sequential(Conv(c, c3, 3), Conv(c3, c3, 3), nn.Conv2d(c3, classes, 1)) for c in channels)
        for box, score, stride in zip(self.cv2, self.cv3, STRIDES):
            nn.init.constant_(box[-1].bias, 1.0)
            # About five objects an image of 640 pixels, spread over all cells: the prior of a rare positive.
            nn.init.constant_(score[-1].bias, math.log(5 / classes / (640 / stride) ** 2))

    def forward(self, xs):
        return [torch.cat((box(x), score(x)), 1) for box, score, x in zip(self.cv2, self.cv3, xs)]


class Yolov8n(nn.Module):
    """The network; forward gives the raw maps of the three levels, [N, 4*BINS + classes, H/s, W/s]."""

    # Where each layer takes its input from; the layer before it where nothing is said.
    SOURCES = {11: (10, 6), 14: (13, 4), 17: (16, 12), 20: (19, 9), 22: (15, 18, 21)}

    def __init__(self, classes):
        super().__init__()
        self.model = nn.ModuleList([
            Conv(3, 16, 3, 2), Conv(16, 32, 3, 2), C2f(32, 32, 1, True), Conv(32, 64, 3, 2), C2f(64, 64, 2, True),
            Conv(64, 128, 3, 2), C2f(128, 128, 2, True), Conv(128, 256, 3, 2), C2f(256, 256, 1, True), SPPF(256),
            nn.Upsample(scale_factor=2), Concat(), C2f(384, 128, 1, False),
            nn.Upsample(scale_factor=2), Concat(), C2f(192, 64, 1, False),
            Conv(64, 64, 3, 2), Concat(), C2f(192, 128, 1, False),
            Conv(128, 128, 3, 2), Concat(), C2f(384, 256, 1, False),
            Detect(classes, (64, 128, 256))])

    def forward(self, x):
        outputs = []
        for i, layer in enumerate(self.model):
            if i in self.SOURCES:
                x = [outputs[j] for j in self.SOURCES[i]]
            x = layer(x)
            outputs.append(x)
        return x


def anchor_points(maps):
    """Centres of all cells in pixels of the input, [A, 2], and the stride of each, [A, 1]."""
    points, strides = [], []
    for level, stride in zip(maps, STRIDES):
        h, w = level.shape[2:]
        y, x = torch.meshgrid(torch.arange(h) + 0.5, torch.arange(w) + 0.5, indexing="ij")
        points.append(torch.stack((x, y), -1).view(-1, 2) * stride)
        strides.append(torch.full((h * w, 1), float(stride)))
    return torch.cat(points), torch.cat(strides)


def flatten(maps):
    """Raw maps to box logits [N, A, 4, BINS] and class logits [N, A, classes], in float32."""
    flat = torch.cat([m.flatten(2) for m in maps], 2).transpose(1, 2).float()
    box, score = flat.split((4 * BINS, flat.shape[2] - 4 * BINS), 2)
    return box.reshape(*box.shape[:2], 4, BINS), score


def corners(box_logits, points, strides):
    """Expected distances to corners x1, y1, x2, y2 in pixels, [N, A, 4]."""
    distance = box_logits.softmax(-1) @ torch.arange(BINS, dtype=torch.float32) * strides
    return torch.cat((points - distance[..., :2], points + distance[..., 2:]), -1)


def decode(maps):
    """Raw maps to what the export gives: [N, 4 + classes, A] of cx, cy, w, h in pixels and class scores."""
    box, score = flatten(maps)
    box = corners(box, *anchor_points(maps))
    centre, size = (box[..., :2] + box[..., 2:]) / 2, box[..., 2:] - box[..., :2]
    return torch.cat((centre, size, score.sigmoid()), -1).transpose(1, 2)
