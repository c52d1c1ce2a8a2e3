# Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
"""Composes the sample scenes, on held-out backgrounds, with the mask of every object.

    python3 samples.py OUTPUT_FOLDER [--check CHECKPOINT]

Writes NAME.jpg, NAME.mask.png (value = number of the object) and samples.json. With --check it also says what the
network finds in each scene, letterboxed to 320 pixels.
"""
import argparse
import json
from pathlib import Path

import cv2
import numpy as np

import cutouts
from data import load_background, load_rgba, resize_rgba, warp

STELLARIUM, KDE, LOMIRI = "stellarium/landscapes", "wallpapers", "backgrounds"
PLASMA = "contents/images/2560x1600.jpg"

# name: (size, background, crop (centre x, centre y, height; in shares of the background), tone, objects).
# Object: (stamp, centre x, lowest y, longer side; in shares of the scene's width, height, longer side, and options).
# Options: f flipped, p a post under it, l lying flat (seen from above), and a number of degrees to turn it.
SCENES = {
    "meadow": ((640, 480), f"{STELLARIUM}/guereins/guereins8.png", (0.5, 0.5, 0.85), 1.0, [
        ("animals/mammals/bovines/gnu-stand.png", 0.72, 0.88, 0.36, ""),
        ("animals/birds/crowned_crane.png", 0.20, 0.86, 0.29, ""),
        ("town/roadsigns/dead_end_sign.png", 0.43, 0.62, 0.15, "p")]),
    "farm": ((720, 540), f"{STELLARIUM}/guereins/guereins2.png", (0.55, 0.47, 0.75), 1.0, [
        ("animals/mammals/pig.png", 0.66, 0.80, 0.30, ""),
        ("animals/birds/rooster.png", 0.27, 0.90, 0.25, ""),
        ("plants/flowers/marigold.png", 0.87, 0.97, 0.15, "")]),
    "snow": ((600, 600), f"{STELLARIUM}/hurricane/hurricane3.png", (0.5, 0.68, 0.62), 1.0, [
        ("animals/birds/penguin.png", 0.27, 0.88, 0.32, ""),
        ("animals/mammals/deer/caribou.png", 0.70, 0.84, 0.38, "")]),
    "mountain": ((800, 600), f"{LOMIRI}/picosdeeuropa_by_Aitzol_Berasategi.jpg", (0.85, 0.75, 0.78), 1.0, [
        ("animals/mammals/bovines/mountaingoat.png", 0.68, 0.93, 0.27, ""),
        ("animals/birds/vulture.png", 0.26, 0.87, 0.25, "f")]),
    "forest": ((560, 720), f"{KDE}/Path/{PLASMA}", (0.3, 0.5, 1.0), 1.0, [
        ("animals/mammals/deer/doe.png", 0.36, 0.86, 0.35, ""),
        ("animals/birds/owl.png", 0.76, 0.62, 0.24, ""),
        ("plants/flowers/adeenia.png", 0.80, 0.95, 0.17, "l")]),
    "stream": ((720, 540), f"{LOMIRI}/life_by_Aitzol_Berasategi.jpg", (0.5, 0.55, 0.9), 1.0, [
        ("animals/mammals/rodents/capybara.png", 0.72, 0.95, 0.36, ""),
        ("animals/birds/gander.png", 0.22, 0.90, 0.34, "f")]),
    "hill": ((800, 500), f"{LOMIRI}/aitzgorri_by_Aitzol_Berasategi.jpg", (0.05, 0.62, 0.7), 1.0, [
        ("animals/mammals/bovines/bull.png", 0.27, 0.93, 0.25, ""),
        ("town/roadsigns/stop.png", 0.56, 0.60, 0.15, "p"),
        ("animals/birds/helmeted_guineafowl.png", 0.83, 0.95, 0.20, "")]),
    "garden": ((640, 640), f"{LOMIRI}/mate/nature/GreenMeadow.jpg", (0.5, 0.5, 0.9), 1.0, [
        ("food/fruit/lemon.png", 0.23, 0.52, 0.24, "l15"),
        ("plants/flowers/whitestar-petunia.png", 0.72, 0.40, 0.26, "l"),
        ("animals/mammals/rodents/squirrel.png", 0.62, 0.97, 0.36, "")]),
    "table": ((640, 480), "mypaint/backgrounds/ramon/HR_Canvas 01.png", (0.5, 0.5, 0.6), 1.0, [
        ("food/fruit/lemon.png", 0.24, 0.55, 0.24, "l20"),
        ("plants/flowers/rose.png", 0.70, 0.52, 0.26, "l-15"),
        ("symbols/money/euro/coins/005.png", 0.47, 0.90, 0.17, "l")]),
    "cork": ((600, 480), "mypaint/backgrounds/ramon/HR_Cork.png", (0.5, 0.5, 0.6), 1.0, [
        ("food/fruit/avocado.png", 0.27, 0.66, 0.38, "l-25"),
        ("plants/flowers/marigold.png", 0.74, 0.50, 0.25, "l"),
        ("symbols/money/euro/coins/002.png", 0.62, 0.92, 0.18, "l15")]),
}


def background(path, crop, size):
    """The crop of a background, at the scene's size."""
    image = load_background(path, 1400)
    (cx, cy, share), (w, h) = crop, size
    height = int(image.shape[0] * share)
    height, width = min(height, int(image.shape[1] * h / w)), min(int(height * w / h), image.shape[1])
    x = int(np.clip(cx * image.shape[1] - width / 2, 0, image.shape[1] - width))
    y = int(np.clip(cy * image.shape[0] - height / 2, 0, image.shape[0] - height))
    return cv2.resize(image[y:y + height, x:x + width], size, interpolation=cv2.INTER_AREA).astype(np.float32)


def darken(canvas, shape, strength, blur):
    """A soft shadow: the blurred shape, multiplied into the canvas."""
    soft = cv2.GaussianBlur(shape.astype(np.float32), (0, 0), blur)
    canvas *= (1 - strength * soft)[..., None]


def compose(spec):
    """A scene: (RGB float image, mask of object numbers)."""
    size, path, crop, tone, objects = spec
    w, h = size
    canvas, mask = background(path, crop, size), np.zeros((h, w), np.uint8)
    for number, (name, cx, bottom, share, options) in enumerate(objects, 1):
        image = load_rgba(cutouts.STAMPS / name)
        lying, turn = "l" in options, float(options.strip("flp") or 0)
        image = resize_rgba(image, share * max(size) / max(image.shape[:2]))
        if turn or "f" in options:
            image = warp(image, max(image.shape[:2]), turn, "f" in options, 1.0, 0.0)
        ph, pw = image.shape[:2]
        x, y = int(cx * w - pw / 2), int(bottom * h - ph)
        if x < 0 or y < 0 or x + pw > w or y + ph > h:
            raise ValueError(f"{name} reaches over the edge")
        solid = np.zeros((h, w), np.float32)
        solid[y:y + ph, x:x + pw] = image[..., 3] / 255
        shadow = np.zeros((h, w), np.float32)
        if lying:
            shadow = np.roll(solid, (max(2, ph // 30), max(2, pw // 30)), (0, 1))
            darken(canvas, shadow, 0.4, max(2, max(pw, ph) / 40))
        elif "p" in options:
            foot, middle = min(h - 1, y + ph + int(1.1 * ph)), x + pw // 2
            cv2.rectangle(canvas, (middle - 3, y + ph // 2), (middle + 3, foot), (125, 128, 130), -1)
            cv2.line(canvas, (middle - 2, y + ph // 2), (middle - 2, foot), (165, 168, 170), 2)
        elif bottom > 0.45:
            centre = (x + pw // 2, min(h - 1, y + int(ph * 0.975)))
            cv2.ellipse(shadow, centre, (int(pw * 0.42), max(3, int(ph * 0.04))), 0, 0, 360, 1.0, -1)
            darken(canvas, shadow, 0.55, max(2, pw / 28))
        alpha = solid[y:y + ph, x:x + pw, None]
        spot = canvas[y:y + ph, x:x + pw]
        spot[:] = image[..., :3] * tone * alpha + spot * (1 - alpha)
        mask[solid > 0.5] = number
    return canvas.clip(0, 255).astype(np.uint8), mask


def letterbox(image, side=320):
    """The image fitted into a gray square, as a tensor, with the scale used."""
    import torch
    h, w = image.shape[:2]
    scale = side / max(h, w)
    new = cv2.resize(image, (round(w * scale), round(h * scale)), interpolation=cv2.INTER_LINEAR)
    square = np.full((side, side, 3), 114, np.uint8)
    top, left = (side - new.shape[0]) // 2, (side - new.shape[1]) // 2
    square[top:top + new.shape[0], left:left + new.shape[1]] = new
    return torch.from_numpy(square).permute(2, 0, 1)[None].float() / 255, scale, (left, top)


def check(net, image, objects):
    """Prints every detection over 0.25 and the object it hits."""
    import torch
    from evaluate import suppress
    from loss import iou
    from network import decode
    x, scale, (left, top) = letterbox(image)
    with torch.no_grad():
        boxes, scores, labels = suppress(decode(net(x))[0], 0.25)
    boxes = (boxes - torch.tensor([left, top, left, top])) / scale
    for box, score, label in zip(boxes, scores, labels):
        best = max(objects, key=lambda o: iou(box, torch.tensor(o["box"], dtype=torch.float)).item())
        overlap = iou(box, torch.tensor(best["box"], dtype=torch.float)).item()
        right = "" if overlap > 0.5 and best["class"] == label else "  <- wrong"
        print(f"    {cutouts.CLASSES[label]} {score:.2f}, IoU {overlap:.2f} with {best['name']} {best['cutout']}{right}")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=Path)
    parser.add_argument("--check", metavar="CHECKPOINT")
    args = parser.parse_args()
    args.out.mkdir(parents=True, exist_ok=True)
    listed = {name: (part, kind) for part, kind, name in cutouts.read()}
    if args.check:
        from evaluate import load
        net = load(args.check)
    index = []
    for name, spec in SCENES.items():
        image, mask = compose(spec)
        objects = []
        for number, (stamp, *_) in enumerate(spec[4], 1):
            ys, xs = np.where(mask == number)
            part, kind = listed[stamp]
            objects.append({"id": number, "class": cutouts.CLASSES.index(kind), "name": kind,
                            "box": [int(xs.min()), int(ys.min()), int(xs.max()) + 1, int(ys.max()) + 1],
                            "cutout": stamp, "heldOut": part == "heldout"})
        cv2.imwrite(str(args.out / f"{name}.jpg"), cv2.cvtColor(image, cv2.COLOR_RGB2BGR),
                    (cv2.IMWRITE_JPEG_QUALITY, 90))
        cv2.imwrite(str(args.out / f"{name}.mask.png"), mask, (cv2.IMWRITE_PNG_COMPRESSION, 9))
        index.append({"image": f"{name}.jpg", "mask": f"{name}.mask.png", "objects": objects})
        if args.check:
            print(f"{name}: {', '.join(o['name'] for o in objects)}")
            check(net, cv2.cvtColor(cv2.imread(str(args.out / f"{name}.jpg")), cv2.COLOR_BGR2RGB), objects)
    rows = []
    for entry in index:
        lines = ",\n    ".join(json.dumps(o) for o in entry["objects"])
        head = json.dumps({k: v for k, v in entry.items() if k != "objects"})[1:-1]
        rows.append(f'  {{{head}, "objects": [\n    {lines}]}}')
    (args.out / "samples.json").write_text("[\n" + ",\n".join(rows) + "\n]\n")


if __name__ == "__main__":
    main()
