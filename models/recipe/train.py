# Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
"""Trains the network on two cores, in a time or a number of images given beforehand.

    python3 train.py --out FOLDER (--minutes 90 | --images 200000) [--from MODEL.onnx --rate 0.001]

It starts from nothing, or from an exported model. Started again with the same --out it goes on from the last checkpoint. Mixed precision: convolutions in bfloat16
(oneDNN), the loss in float32. One worker process composes the scenes. Square images of 256 pixels in the first part,
320 in the rest; strong augmentation and mosaics, calmer in the last quarter; AdamW, learning rate warmed up and
then down to almost nothing along a cosine; an exponential average of the weights is what is evaluated and exported.
"""
import argparse
import csv
import math
import multiprocessing
import os
import queue
import time
from pathlib import Path

import cv2
import numpy as np
import torch

from cutouts import CLASSES
from data import Scenes
from evaluate import SEEDS, evaluate, validation_scenes
from loss import detection_loss
from network import Yolov8n
from restore import restore

SEED = 7
BATCH = 16
RATE, FLOOR, DECAY = 2e-3, 0.01, 0.05
WARM_UP = 300  # steps
SMALL, LARGE, SMALL_UNTIL = 256, 320, 0.35
MOSAIC, MILD, CALM_FROM = 0.4, 0.6, 0.75  # calm: no mosaics, and most scenes augmented mildly
AVERAGE = 0.9995
AHEAD = 6  # batches asked for before they are needed


def composer(requests, batches, drawn):
    """The worker: makes the batches asked for."""
    torch.set_num_threads(1)
    cv2.setNumThreads(1)
    scenes = Scenes("train", "train", SEED, strong=True, drawn=drawn)
    parent = os.getppid()
    while os.getppid() == parent:  # ends with the training, even if that was killed
        try:
            request = requests.get(timeout=10)
        except queue.Empty:
            continue
        if request is None:
            break
        batches.put(scenes.batch(*request))


def rate_at(step, progress, highest):
    """Learning rate: linear warm-up, then cosine from the highest down to FLOOR of it."""
    cosine = FLOOR + (1 - FLOOR) * (1 + math.cos(math.pi * min(progress, 1))) / 2
    return highest * min(1, (step + 1) / WARM_UP) * cosine


def parameter_groups(net):
    """Weight decay for the convolutions' weights only."""
    decayed = [p for p in net.parameters() if p.ndim > 1]
    return [{"params": decayed, "weight_decay": DECAY},
            {"params": [p for p in net.parameters() if p.ndim <= 1], "weight_decay": 0.0}]


@torch.no_grad()
def update_average(average, net, step):
    """Moves the average towards the network, faster in the beginning."""
    keep = AVERAGE * (1 - math.exp(-(step + 1) / 400))
    for mean, value in zip(average.state_dict().values(), net.state_dict().values()):
        if mean.dtype.is_floating_point:
            mean.lerp_(value, 1 - keep)
        else:
            mean.copy_(value)


def save(path, content):
    """Writes a checkpoint whole or not at all."""
    torch.save(content, path.with_suffix(".part"))
    os.replace(path.with_suffix(".part"), path)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--minutes", type=float)
    parser.add_argument("--images", type=int)
    parser.add_argument("--from", dest="source", type=Path, help="an exported model to go on from")
    parser.add_argument("--first", type=int, default=0, help="number of the first scene: how many it has seen before")
    parser.add_argument("--rate", type=float, default=RATE, help="highest learning rate")
    parser.add_argument("--drawn", type=float, default=0, help="share of drawings among the cut-outs")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--scenes", type=int, default=250, help="of each kind, for the learning curve")
    parser.add_argument("--every", type=float, default=5, help="minutes between evaluations")
    args = parser.parse_args()
    if (args.minutes is None) == (args.images is None):
        parser.error("give --minutes or --images")
    args.out.mkdir(parents=True, exist_ok=True)
    torch.set_num_threads(args.threads)
    cv2.setNumThreads(1)
    torch.manual_seed(SEED)

    context = multiprocessing.get_context("spawn")
    requests, batches = context.Queue(), context.Queue()
    worker = context.Process(target=composer, args=(requests, batches, args.drawn), daemon=True)
    worker.start()

    net = Yolov8n(len(CLASSES)).to(memory_format=torch.channels_last)
    if args.source:
        pixels = Scenes("train", "train", SEED, strong=True).batch(0, 64, LARGE, 0.0, MILD)[0]
        restore(net, args.source, torch.from_numpy(pixels).permute(0, 3, 1, 2).float().div_(255))
    average = Yolov8n(len(CLASSES)).to(memory_format=torch.channels_last)
    average.load_state_dict(net.state_dict())
    optimizer = torch.optim.AdamW(parameter_groups(net), lr=args.rate, betas=(0.9, 0.99))
    images, step, seconds = 0, 0, 0.0
    checkpoint = args.out / "last.pt"
    if checkpoint.exists():
        state = torch.load(checkpoint, map_location="cpu")
        net.load_state_dict(state["net"])
        average.load_state_dict(state["average"])
        optimizer.load_state_dict(state["optimizer"])
        images, step, seconds = state["images"], state["step"], state["seconds"]
    validation = {kind: validation_scenes(kind, args.scenes) for kind in SEEDS}
    start = time.monotonic() - seconds

    def progress():
        return images / args.images if args.images else (time.monotonic() - start) / 60 / args.minutes

    def ask(first):
        done = progress()
        calm = done >= CALM_FROM
        requests.put((first, BATCH, SMALL if done < SMALL_UNTIL else LARGE, 0.0 if calm else MOSAIC,
                      MILD if calm else 0.0))

    def report(loss):
        minutes = (time.monotonic() - start) / 60
        results = {kind: evaluate(average, validation[kind]) for kind in SEEDS}
        row = {"images": images, "minutes": round(minutes, 2), "size": size, "rate": f"{rate:.6f}",
               "loss": f"{loss:.4f}", **{f"{k}_mAP50": r["mAP50"] for k, r in results.items()},
               **{f"{k}_mAP50-95": r["mAP50-95"] for k, r in results.items()}}
        curve = args.out / "learning-curve.csv"
        new = not curve.exists()
        with curve.open("a", newline="") as file:
            writer = csv.DictWriter(file, row)
            if new:
                writer.writeheader()
            writer.writerow(row)
        per_class = " ".join(f"{n} {c['AP50']:.2f}" for n, c in results["unseen"]["classes"].items())
        print(row, "|", per_class, flush=True)
        save(checkpoint, {"net": net.state_dict(), "average": average.state_dict(), "images": images, "step": step,
                          "optimizer": optimizer.state_dict(), "seconds": time.monotonic() - start})

    next_first = args.first + images
    for _ in range(AHEAD):
        ask(next_first)
        next_first += BATCH
    mean_loss, last_report, last_print = None, time.monotonic() - 60 * (args.every - 1.5), time.monotonic()
    while progress() < 1:
        pixels, boxes, labels, valid = batches.get()
        ask(next_first)
        next_first += BATCH
        size = pixels.shape[1]
        net.train()
        x = torch.from_numpy(pixels).permute(0, 3, 1, 2).float().div_(255)  # channels last already
        rate = rate_at(step, progress(), args.rate)
        for group in optimizer.param_groups:
            group["lr"] = rate
        with torch.autocast("cpu", torch.bfloat16):
            maps = net(x)
        loss, parts = detection_loss(maps, *map(torch.from_numpy, (boxes, labels, valid)))
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(net.parameters(), 10.0)
        optimizer.step()
        update_average(average, net, step)
        mean_loss = loss.item() if mean_loss is None else 0.98 * mean_loss + 0.02 * loss.item()
        images, step = images + BATCH, step + 1
        if step % 100 == 0:
            now = time.monotonic()
            print(f"{images} images, {(now - last_print) / 100 / BATCH * 1000:.1f} ms each, {progress():.1%}, "
                  f"loss {mean_loss:.3f} (box, class, distribution {np.round(parts, 3)}), rate {rate:.5f}", flush=True)
            last_print = now
        if time.monotonic() - last_report > 60 * args.every:
            report(mean_loss)
            last_report = last_print = time.monotonic()
    report(mean_loss)
    requests.put(None)


if __name__ == "__main__":
    main()
