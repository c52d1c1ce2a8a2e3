# Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
"""Scenes: cut-outs with alpha pasted on photographs, so that the true cause of every detection, its mask, is known.

Scene i of a seed is always the same image, whoever makes it: a generator is seeded with (seed, i). Everything is held
in memory as bytes and composed with OpenCV, about 2 ms an image of 320 pixels on one core.
"""
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

import cutouts

SHARE = Path("/usr/share")
DRAWINGS = SHARE / "openclipart/png"
LEVELS = (32, 64, 128, 256, 512)  # longer side of the stored copies of a cut-out
ROTATION = {"bird": 20, "mammal": 15, "fruit": 180, "flower": 180, "sign": 12, "coin": 180, cutouts.DISTRACTOR: 60}


@dataclass
class Cutout:
    """A stamp: straight RGBA at several sizes, class number (-1 for a distractor), path."""
    label: int
    kind: str
    name: str
    levels: list

    def at(self, side):
        """The smallest stored copy that is at least this long."""
        return next((im for im in self.levels if max(im.shape[:2]) >= side), self.levels[-1])


def load_rgba(path):
    """A stamp cropped to its alpha, straight RGBA."""
    image = cv2.imread(str(path), cv2.IMREAD_UNCHANGED)
    if image.dtype == np.uint16:
        image = (image >> 8).astype(np.uint8)
    if image.shape[2] != 4:
        raise ValueError(f"{path} has no alpha")
    image = cv2.cvtColor(image, cv2.COLOR_BGRA2RGBA)
    ys, xs = np.where(image[..., 3] > 24)
    return image[ys.min():ys.max() + 1, xs.min():xs.max() + 1]


def resize_rgba(image, scale):
    """Resizes in premultiplied colours, then spreads colour under the transparent rim so that no fringe can show."""
    alpha = image[..., 3:].astype(np.float32) / 255
    flat = np.dstack((image[..., :3] * alpha, alpha * 255)).astype(np.float32)
    size = (max(1, round(image.shape[1] * scale)), max(1, round(image.shape[0] * scale)))
    flat = cv2.resize(flat, size, interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC).clip(0, 255)
    wide = cv2.GaussianBlur(flat, (0, 0), max(1.5, max(size) / 24))
    spread = wide[..., :3] / np.maximum(wide[..., 3:], 1e-3) * 255
    own = flat[..., :3] / np.maximum(flat[..., 3:], 1e-3) * 255
    colour = np.where(flat[..., 3:] > 40, own, spread)
    return np.dstack((colour, flat[..., 3])).clip(0, 255).astype(np.uint8)


def load_cutout(kind, name, folder):
    """A cut-out at all its sizes."""
    image = load_rgba(folder / name)
    longest = max(image.shape[:2])
    levels = [resize_rgba(image, side / longest) for side in LEVELS if side < longest] + [image]
    label = cutouts.CLASSES.index(kind) if kind in cutouts.CLASSES else -1
    return Cutout(label, kind, name, levels)


def load_cutouts(split):
    """All cut-outs of a split ("train" or "heldout")."""
    result = []
    for part, kind, name in cutouts.read():
        if part != split:
            continue
        result.append(load_cutout(kind, name, cutouts.STAMPS))
    return result


def load_drawings():
    """Drawings of the same classes: none is in a validation scene, they only teach that outline counts."""
    result = []
    for line in Path(__file__).with_name("drawings.txt").read_text().splitlines():
        if line[0] == "#":
            continue
        kind, name = line.split()
        result.append(load_cutout(kind, name, DRAWINGS))
    return result


def load_background(path, short_side):
    """A photograph as RGB with its shorter side resized; a transparent sky becomes a blue gradient."""
    image = cv2.imread(str(SHARE / path), cv2.IMREAD_UNCHANGED)
    if image is None:
        raise FileNotFoundError(SHARE / path)
    if image.dtype == np.uint16:
        image = (image >> 8).astype(np.uint8)
    if image.ndim == 2:
        image = cv2.cvtColor(image, cv2.COLOR_GRAY2BGR)
    if image.shape[2] == 4:
        ramp = np.linspace(0, 1, image.shape[0], dtype=np.float32)[:, None, None]
        sky = np.array([225, 165, 110], np.float32) * (1 - ramp) + np.array([240, 225, 210], np.float32) * ramp
        alpha = image[..., 3:].astype(np.float32) / 255
        image = (image[..., :3] * alpha + sky * (1 - alpha)).astype(np.uint8)
    image = cv2.cvtColor(image, cv2.COLOR_BGR2RGB)
    scale = short_side / min(image.shape[:2])
    interpolation = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
    return cv2.resize(image, None, fx=scale, fy=scale, interpolation=interpolation)


def background_paths(split):
    """Paths (under /usr/share) of a split's backgrounds."""
    lines = Path(__file__).with_name("backgrounds.txt").read_text().splitlines()
    return [line.split(" ", 1)[1] for line in lines if line.startswith(split + " ")]


def warp(image, side, angle, flip, stretch, shear):
    """A cut-out sheared, turned and resized to about this longer side, on a canvas that just holds it."""
    h, w = image.shape[:2]
    scale = side / max(h, w)
    sx, sy = scale * stretch, scale / stretch
    cos, sin = np.cos(np.radians(angle)), np.sin(np.radians(angle))
    m = np.array([[cos * sx, -sin * sy], [sin * sx, cos * sy]]) @ np.array([[1, shear], [0, 1]])
    if flip:
        m[:, 0] = -m[:, 0]
    box = np.abs(m) @ (w, h)
    out_w, out_h = int(np.ceil(box[0])) + 2, int(np.ceil(box[1])) + 2
    shift = np.array([out_w / 2, out_h / 2]) - m @ (w / 2, h / 2)
    return cv2.warpAffine(image, np.column_stack((m, shift)), (out_w, out_h), flags=cv2.INTER_LINEAR,
                          borderMode=cv2.BORDER_CONSTANT)


def recolour(rgb, rng, hue, gain):
    """Random hue, saturation, value, contrast and colour cast of an RGB patch."""
    if rng.random() < 0.6:
        hsv = cv2.cvtColor(rgb, cv2.COLOR_RGB2HSV)
        ramp = np.arange(256, dtype=np.float32)
        table = np.empty((1, 256, 3), np.uint8)
        table[0, :, 0] = (ramp + rng.uniform(-hue, hue)) % 180
        table[0, :, 1] = (ramp * rng.uniform(1 - gain, 1 + gain)).clip(0, 255)
        table[0, :, 2] = (255 * (ramp / 255) ** np.exp(rng.uniform(-gain, gain))).clip(0, 255)
        rgb = cv2.cvtColor(cv2.LUT(hsv, table), cv2.COLOR_HSV2RGB)
    ramp = np.arange(256, dtype=np.float32)[:, None]
    contrast, bright = rng.uniform(1 - gain, 1 + gain / 2), rng.uniform(-40, 40) * gain
    cast = rng.uniform(1 - gain / 4, 1 + gain / 4, 3).astype(np.float32)
    table = (((ramp - 128) * contrast + 128 + bright) * cast).clip(0, 255).astype(np.uint8)
    return cv2.LUT(rgb, table[None])


class Scenes:
    """Makes scenes of one split.

    Arguments: the cut-outs' split, the backgrounds' split, the seed, and whether to augment strongly (training) or
    mildly (validation), and the share of drawings among the cut-outs of classes that have some.
    """

    def __init__(self, cutout_split, background_split, seed, strong, drawn=0.0):
        self.seed, self.training, self.strong = seed, strong, strong  # strong may change from scene to scene
        self.by_class = [[] for _ in cutouts.CLASSES]
        self.distractors = []
        for cutout in load_cutouts(cutout_split):
            (self.by_class[cutout.label] if cutout.label >= 0 else self.distractors).append(cutout)
        self.drawn = [[] for _ in cutouts.CLASSES]
        self.share_drawn = drawn
        if drawn:
            for drawing in load_drawings():
                self.drawn[drawing.label].append(drawing)
        self.backgrounds = [load_background(p, 560) for p in background_paths(background_split)]

    def background(self, rng, w, h):
        """A random crop of a random background."""
        image = self.backgrounds[rng.integers(len(self.backgrounds))]
        height, width = image.shape[:2]
        scale = min(width / w, height / h) * rng.uniform(0.35 if self.strong else 0.6, 1)
        cw, ch = int(w * scale), int(h * scale)
        x, y = rng.integers(width - cw + 1), rng.integers(height - ch + 1)
        crop = cv2.resize(image[y:y + ch, x:x + cw], (w, h), interpolation=cv2.INTER_LINEAR)
        if rng.random() < 0.5:
            crop = cv2.flip(crop, 1)
        return recolour(crop, rng, 20, 0.4) if self.strong else crop

    def tint(self, rgb, rng):
        """Colours of a cut-out: mostly near its own, in training now and then quite others."""
        if not self.strong:
            return recolour(rgb, rng, 4, 0.15)
        chance = rng.random()
        if chance < 0.06:
            return cv2.cvtColor(cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY), cv2.COLOR_GRAY2RGB)
        return recolour(rgb, rng, 60 if chance < 0.2 else 12, 0.5)

    @staticmethod
    def bite(alpha, rng):
        """Makes one end or a spot of a cut-out transparent, as if something stood before it."""
        h, w = alpha.shape
        if rng.random() < 0.5:
            cut = rng.uniform(0.1, 0.4)
            side = rng.integers(4)
            if side == 0:
                alpha[:int(h * cut)] = 0
            elif side == 1:
                alpha[h - int(h * cut):] = 0
            elif side == 2:
                alpha[:, :int(w * cut)] = 0
            else:
                alpha[:, w - int(w * cut):] = 0
        else:
            centre = (int(rng.uniform(0, w)), int(rng.uniform(0, h)))
            axes = (int(w * rng.uniform(0.08, 0.25)), int(h * rng.uniform(0.08, 0.25)))
            cv2.ellipse(alpha, centre, axes, rng.uniform(0, 180), 0, 360, 0, -1)
        return alpha

    def pick(self, rng):
        """A distractor now and then, else a class and a cut-out of it, all alike."""
        if rng.random() < 0.15:
            return self.distractors[rng.integers(len(self.distractors))]
        label = rng.integers(len(self.by_class))
        members = self.by_class[label]
        if self.drawn[label] and rng.random() < self.share_drawn:
            members = self.drawn[label]
        return members[rng.integers(len(members))]

    def compose(self, rng, w, h, count):
        """Pastes cut-outs; returns (image, boxes, labels, masks): boxes around, and masks of, what is visible."""
        canvas = self.background(rng, w, h)
        owner = np.zeros((h, w), np.uint8)
        full, labels = [0], [-1]
        for _ in range(count):
            cutout = self.pick(rng)
            small, large = 0.09, 0.85 if self.strong else 0.7
            side = min(w, h) * np.exp(rng.uniform(np.log(small), np.log(large)))
            side = min(max(side, 16), 3.2 * max(cutout.levels[-1].shape[:2]))
            turn = ROTATION[cutout.kind] * (1 if self.strong else 0.6)
            patch = warp(cutout.at(side), side, rng.uniform(-turn, turn),
                         rng.random() < 0.5 and cutout.kind != "sign", np.exp(rng.uniform(-0.13, 0.13)),
                         rng.uniform(-0.2, 0.2) if self.strong else 0)
            ph, pw = patch.shape[:2]
            for _ in range(4):  # places that hide little of what is there already
                margin = 0.25 if self.strong else 0.05
                x = int(rng.uniform(-margin * pw, w - pw + margin * pw))
                y = int(rng.uniform(-margin * ph, h - ph + margin * ph))
                x1, y1, x2, y2 = max(x, 0), max(y, 0), min(x + pw, w), min(y + ph, h)
                if x2 - x1 < 8 or y2 - y1 < 8:
                    continue
                part = patch[y1 - y:y2 - y, x1 - x:x2 - x]
                solid = part[..., 3] > 127
                hidden = np.count_nonzero(owner[y1:y2, x1:x2][solid])
                if hidden <= (0.25 if self.strong else 0.08) * np.count_nonzero(solid):
                    break
            else:
                continue
            rgb = self.tint(np.ascontiguousarray(part[..., :3]), rng)
            alpha = part[..., 3]
            if self.strong and rng.random() < 0.25:
                alpha = self.bite(alpha.copy(), rng)
                solid = alpha > 127
            if self.strong and rng.random() < 0.4:
                alpha = cv2.blur(alpha, (3, 3))
            alpha = cv2.merge((alpha,) * 3)
            spot = canvas[y1:y2, x1:x2]
            blend = rgb.astype(np.uint16) * alpha + spot.astype(np.uint16) * (255 - alpha) + 127
            canvas[y1:y2, x1:x2] = (blend + (blend >> 8)) >> 8
            owner[y1:y2, x1:x2][solid] = len(full)
            full.append(np.count_nonzero(patch[..., 3] > 127))
            labels.append(cutout.label)
        boxes, kept, masks = [], [], []
        for i in range(1, len(full)):
            if labels[i] < 0:
                continue
            mask = (owner == i)
            ys, xs = np.flatnonzero(mask.any(1)), np.flatnonzero(mask.any(0))
            if len(xs) < 6 or len(ys) < 6 or np.count_nonzero(mask) < 0.3 * full[i]:
                continue
            boxes.append((xs[0], ys[0], xs[-1] + 1, ys[-1] + 1))
            kept.append(labels[i])
            masks.append(mask)
        return canvas, np.array(boxes, np.float32).reshape(-1, 4), np.array(kept, np.int64), masks

    def finish(self, image, rng):
        """What happens in a camera: colour, blur, noise, JPEG."""
        if self.strong:
            image = recolour(image, rng, 6, 0.25)
            if rng.random() < 0.04:
                image = cv2.cvtColor(cv2.cvtColor(image, cv2.COLOR_RGB2GRAY), cv2.COLOR_GRAY2RGB)
        chance = 1.0 if self.strong else 0.5
        if rng.random() < 0.2 * chance:
            image = cv2.GaussianBlur(image, (0, 0), rng.uniform(0.4, 1.3))
        if rng.random() < 0.2 * chance:
            noise = np.empty(image.shape, np.int8)
            cv2.randn(noise, 0, rng.uniform(2, 9))
            image = cv2.add(image, noise, dtype=cv2.CV_8U)
        if rng.random() < 0.3 * chance:
            quality = int(rng.integers(35, 95))
            image = cv2.imdecode(cv2.imencode(".jpg", image, (cv2.IMWRITE_JPEG_QUALITY, quality))[1], cv2.IMREAD_COLOR)
        return image

    def scene(self, index, size, mosaic=0.0, mild=0.0):
        """Scene number index: (RGB bytes [size, size, 3], boxes [n, 4] in pixels, labels [n]).

        mosaic and mild are the chances of a mosaic and of mild augmentation where it is strong otherwise.
        """
        rng = np.random.default_rng((self.seed, index))
        self.strong = self.training and (not mild or rng.random() >= mild)
        cv2.setRNGSeed(int(rng.integers(1 << 30)))
        if rng.random() < mosaic:
            cx, cy = (size * rng.uniform(0.3, 0.7, 2)).astype(int)
            image = np.empty((size, size, 3), np.uint8)
            all_boxes, all_labels = [], []
            for x1, y1, x2, y2 in ((0, 0, cx, cy), (cx, 0, size, cy), (0, cy, cx, size), (cx, cy, size, size)):
                part, boxes, labels, _ = self.compose(rng, int(x2 - x1), int(y2 - y1), int(rng.integers(1, 4)))
                image[y1:y2, x1:x2] = part
                all_boxes.append(boxes + np.array([x1, y1, x1, y1], np.float32))
                all_labels.append(labels)
            boxes, labels = np.concatenate(all_boxes), np.concatenate(all_labels)
        else:
            image, boxes, labels, _ = self.compose(rng, size, size, int(rng.integers(1, 7 if self.strong else 5)))
        return self.finish(image, rng), boxes, labels

    def batch(self, first, count, size, mosaic=0.0, mild=0.0):
        """Scenes first to first + count - 1: (bytes [n, size, size, 3], boxes, labels, valid), padded to the most."""
        scenes = [self.scene(i, size, mosaic, mild) for i in range(first, first + count)]
        most = max(1, max(len(s[2]) for s in scenes))
        boxes = np.zeros((count, most, 4), np.float32)
        labels = np.zeros((count, most), np.int64)
        valid = np.zeros((count, most), bool)
        for i, (_, b, l) in enumerate(scenes):
            boxes[i, :len(b)], labels[i, :len(l)], valid[i, :len(l)] = b, l, True
        return np.stack([s[0] for s in scenes]), boxes, labels, valid
