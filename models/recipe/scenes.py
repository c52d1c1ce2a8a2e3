# Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
"""Composes any number of new scenes with the mask of every object, laid out as the sample scenes are.

    python3 scenes.py OUTPUT_FOLDER [--count 40] [--seed 2001] [--size 480]

One scene in two shows cut-outs that the network was trained on, the other held-out ones; all stand on held-out
backgrounds. With these, explanations are judged on pictures that nothing was chosen on:

    mvn test -Dtest=GroundTruthTest -Dwhybox.scenes=OUTPUT_FOLDER
"""
import argparse
import json
from pathlib import Path

import cv2
import numpy as np

import cutouts
from data import Scenes


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=Path)
    parser.add_argument("--count", type=int, default=40)
    parser.add_argument("--seed", type=int, default=2001)
    parser.add_argument("--size", type=int, default=480)
    args = parser.parse_args()
    args.out.mkdir(parents=True, exist_ok=True)
    makers = [Scenes(part, "heldout", args.seed, strong=False) for part in ("train", "heldout")]
    index = []
    for i in range(args.count):
        held_out = i % 2
        rng = np.random.default_rng((args.seed, i))
        cv2.setRNGSeed(int(rng.integers(1 << 30)))
        image, boxes, labels, masks = makers[held_out].compose(rng, args.size, args.size, int(rng.integers(1, 5)))
        numbers = np.zeros(image.shape[:2], np.uint8)
        objects = []
        for number, (box, label, mask) in enumerate(zip(boxes, labels, masks), 1):
            numbers[mask] = number
            objects.append({"id": number, "class": int(label), "name": cutouts.CLASSES[label],
                            "box": [int(v) for v in box], "heldOut": bool(held_out)})
        name = f"scene-{i:03}"
        cv2.imwrite(str(args.out / f"{name}.png"), cv2.cvtColor(image, cv2.COLOR_RGB2BGR))
        cv2.imwrite(str(args.out / f"{name}.mask.png"), numbers)
        index.append({"image": f"{name}.png", "mask": f"{name}.mask.png", "objects": objects})
    (args.out / "samples.json").write_text(json.dumps(index, indent=1) + "\n")


if __name__ == "__main__":
    main()
