# Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
"""Mean average precision on fixed validation scenes: of cut-outs seen in training, and of cut-outs never seen.

    python3 evaluate.py CHECKPOINT [--scenes 1000] [--json FILE]
"""
import argparse
import json

import numpy as np
import torch

from cutouts import CLASSES
from data import Scenes
from loss import iou
from network import Yolov8n, decode

THRESHOLDS = np.arange(0.5, 0.96, 0.05)
SEEDS = {"seen": 1001, "unseen": 1002}


def validation_scenes(kind, count, size=320):
    """Scenes of kind "seen" (training cut-outs) or "unseen" (held-out ones), always on held-out backgrounds."""
    maker = Scenes("train" if kind == "seen" else "heldout", "heldout", SEEDS[kind], strong=False)
    return [maker.scene(i, size) for i in range(count)]


def suppress(output, confidence=0.001, overlap=0.7, most=300):
    """Greedy suppression by class of one image's output [4 + classes, A]: (boxes [k, 4], scores [k], labels [k])."""
    scores, labels = output[4:].max(0)
    order = scores.argsort(descending=True)[:600]
    order = order[scores[order] > confidence]
    centre, size = output[:2, order].T, output[2:4, order].T
    boxes, scores, labels = torch.cat((centre - size / 2, centre + size / 2), 1), scores[order], labels[order]
    apart = boxes + labels[:, None] * 10_000
    clash = (iou(apart[:, None], apart[None]) > overlap).numpy()
    keep, gone = [], np.zeros(len(order), bool)
    for i in range(len(order)):
        if not gone[i]:
            keep.append(i)
            gone |= clash[i]
    keep = keep[:most]
    return boxes[keep], scores[keep], labels[keep]


def match(found, truth):
    """For each detection (best first) and threshold, whether it takes a truth not yet taken: [k, thresholds]."""
    boxes, _, labels = found
    true_boxes, true_labels = torch.from_numpy(truth[1]), torch.from_numpy(truth[2])
    right = np.zeros((len(boxes), len(THRESHOLDS)), bool)
    if len(boxes) == 0 or len(true_boxes) == 0:
        return right
    overlap = (iou(boxes[:, None], true_boxes[None]) * (labels[:, None] == true_labels[None])).numpy()
    for t, threshold in enumerate(THRESHOLDS):
        free = overlap.copy()
        for i in range(len(boxes)):
            best = free[i].argmax()
            if free[i, best] >= threshold:
                right[i, t] = True
                free[:, best] = 0
    return right


def average_precision(right, scores, truths):
    """Area under the precision envelope at 101 recalls, a threshold."""
    order = np.argsort(-scores, kind="stable")
    hits = right[order].cumsum(0)
    recall = hits / truths
    precision = hits / np.arange(1, len(order) + 1)[:, None]
    precision = np.maximum.accumulate(precision[::-1])[::-1]
    result = np.zeros(right.shape[1])
    for t in range(right.shape[1]):
        at = np.searchsorted(recall[:, t], np.linspace(0, 1, 101))
        result[t] = np.append(precision[:, t], 0)[at].mean()
    return result


@torch.no_grad()
def evaluate(net, scenes, batch=16):
    """{"mAP50", "mAP50-95", "classes": {name: {"AP50", "AP50-95", "objects"}}} of a network on scenes."""
    net.eval()
    right, scores, labels = [], [], []
    for i in range(0, len(scenes), batch):
        part = scenes[i:i + batch]
        images = torch.from_numpy(np.stack([s[0] for s in part])).permute(0, 3, 1, 2).float() / 255
        for output, truth in zip(decode(net(images.contiguous(memory_format=torch.channels_last))), part):
            found = suppress(output)
            right.append(match(found, truth))
            scores.append(found[1].numpy())
            labels.append(found[2].numpy())
    right, scores, labels = map(np.concatenate, (right, scores, labels))
    truths = np.concatenate([s[2] for s in scenes])
    classes = {}
    for c, name in enumerate(CLASSES):
        count = int((truths == c).sum())
        if count:
            ap = average_precision(right[labels == c], scores[labels == c], count)
            classes[name] = {"AP50": round(float(ap[0]), 4), "AP50-95": round(float(ap.mean()), 4), "objects": count}
    return {"mAP50": round(float(np.mean([c["AP50"] for c in classes.values()])), 4),
            "mAP50-95": round(float(np.mean([c["AP50-95"] for c in classes.values()])), 4), "classes": classes}


def load(checkpoint):
    """The averaged network of a checkpoint, ready for inference."""
    net = Yolov8n(len(CLASSES))
    net.load_state_dict(torch.load(checkpoint, map_location="cpu")["average"])
    return net.eval().to(memory_format=torch.channels_last)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("checkpoint")
    parser.add_argument("--scenes", type=int, default=1000)
    parser.add_argument("--json")
    args = parser.parse_args()
    torch.set_num_threads(2)
    network = load(args.checkpoint)
    report = {kind: evaluate(network, validation_scenes(kind, args.scenes)) for kind in SEEDS}
    print(json.dumps(report, indent=1))
    if args.json:
        with open(args.json, "w") as file:
            json.dump(report, file, indent=1)
