# Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
"""Task-aligned assignment (TOOD, arXiv 2108.07755), complete IoU (arXiv 1911.08287), distribution focal loss
(arXiv 2006.04388) and binary cross-entropy, with the gains usual for YOLOv8: box 7.5, class 0.5, distribution 1.5."""
import math

import torch
import torch.nn.functional as F

from network import BINS, anchor_points, corners, flatten

TOP_K, ALPHA, BETA = 10, 0.5, 6.0
BOX_GAIN, CLASS_GAIN, DFL_GAIN = 7.5, 0.5, 1.5
EPS = 1e-9


def iou(a, b, complete=False):
    """IoU of boxes x1, y1, x2, y2 in the last dimension (broadcast); the complete IoU if asked."""
    size_a, size_b = a[..., 2:] - a[..., :2], b[..., 2:] - b[..., :2]
    inner = (torch.minimum(a[..., 2:], b[..., 2:]) - torch.maximum(a[..., :2], b[..., :2])).clamp(min=0).prod(-1)
    plain = inner / (size_a.prod(-1) + size_b.prod(-1) - inner + 1e-7)
    if not complete:
        return plain
    hull = torch.maximum(a[..., 2:], b[..., 2:]) - torch.minimum(a[..., :2], b[..., :2])
    offset = (a[..., :2] + a[..., 2:] - b[..., :2] - b[..., 2:]).pow(2).sum(-1) / 4
    shape = 4 / math.pi ** 2 * (torch.atan(size_b[..., 0] / (size_b[..., 1] + 1e-7))
                                - torch.atan(size_a[..., 0] / (size_a[..., 1] + 1e-7))).pow(2)
    with torch.no_grad():
        weight = shape / (shape - plain + 1 + 1e-7)
    return plain - offset / (hull.pow(2).sum(-1) + 1e-7) - weight * shape


@torch.no_grad()
def assign(scores, boxes, points, truth, labels, valid):
    """Which truth each anchor learns.

    scores [N, A, C] and boxes [N, A, 4] are predictions; truth [N, M, 4], labels [N, M], valid [N, M] are padded.
    Returns (index [N, A] of the truth, positive [N, A], target score [N, A] of the truth's class).
    """
    n, a, _ = scores.shape
    m = truth.shape[1]
    inside = torch.minimum(points[None, None] - truth[:, :, None, :2],
                           truth[:, :, None, 2:] - points[None, None]).amin(-1) > EPS
    inside &= valid[:, :, None]
    overlap = iou(truth[:, :, None], boxes[:, None]).clamp(min=0) * inside
    score = scores.gather(2, labels[:, None].expand(n, a, m)).transpose(1, 2)
    alignment = score.pow(ALPHA) * overlap.pow(BETA) * inside
    best = alignment.topk(min(TOP_K, a), -1).indices
    chosen = torch.zeros_like(inside).scatter_(2, best, True) & inside
    # An anchor chosen by several truths goes to the one it overlaps most.
    owner = (overlap + EPS * inside).mul(chosen).argmax(1)
    positive = chosen.any(1)
    chosen &= F.one_hot(owner, m).transpose(1, 2).bool()
    # Within a truth, targets are the alignment rescaled so that its best is its best overlap.
    alignment = alignment * chosen
    scale = (overlap * chosen).amax(-1, keepdim=True) / (alignment.amax(-1, keepdim=True) + EPS)
    target = (alignment * scale).amax(1)
    return owner, positive, target


def detection_loss(maps, truth, labels, valid):
    """Loss of a batch, divided by the sum of target scores; returns (total, (box, class, distribution))."""
    box_logits, class_logits = flatten(maps)
    points, strides = anchor_points(maps)
    boxes = corners(box_logits, points, strides)
    owner, positive, target = assign(class_logits.detach().sigmoid(), boxes.detach(), points, truth, labels, valid)
    norm = target.sum().clamp(min=1)

    wanted = torch.zeros_like(class_logits)
    wanted.scatter_(2, labels.gather(1, owner)[..., None], (target * positive)[..., None])
    class_loss = F.binary_cross_entropy_with_logits(class_logits, wanted, reduction="sum") / norm

    if not positive.any():
        nothing = box_logits.sum() * 0
        return nothing + CLASS_GAIN * class_loss, (0.0, class_loss.item(), 0.0)
    weight = target[positive]
    aim = truth.gather(1, owner[..., None].expand(*owner.shape, 4))[positive]
    box_loss = ((1 - iou(boxes[positive], aim, complete=True)) * weight).sum() / norm

    where = points.expand(*owner.shape, 2)[positive]
    stride = strides.expand(*owner.shape, 1)[positive]
    distance = torch.cat((where - aim[:, :2], aim[:, 2:] - where), -1) / stride
    distance = distance.clamp(0, BINS - 1 - 0.01)
    low = distance.long()
    high_share = distance - low
    log_p = box_logits[positive].log_softmax(-1)
    dfl = -(log_p.gather(2, low[..., None])[..., 0] * (1 - high_share)
            + log_p.gather(2, low[..., None] + 1)[..., 0] * high_share)
    dfl_loss = (dfl.mean(-1) * weight).sum() / norm
    total = BOX_GAIN * box_loss + CLASS_GAIN * class_loss + DFL_GAIN * dfl_loss
    return total, (box_loss.item(), class_loss.item(), dfl_loss.item())
