# Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
"""Draws learning-curve.csv.

    python3 plot.py learning-curve.csv learning-curve.png
"""
import csv
import sys

import matplotlib

matplotlib.use("Agg")
from matplotlib import pyplot as plt  # noqa: E402  (the backend must be chosen first)

LINES = {"seen_mAP50": ("new scenes of training cut-outs, mAP50", "tab:blue", "-"),
         "seen_mAP50-95": ("new scenes of training cut-outs, mAP50-95", "tab:blue", "--"),
         "unseen_mAP50": ("cut-outs never seen, mAP50", "tab:orange", "-"),
         "unseen_mAP50-95": ("cut-outs never seen, mAP50-95", "tab:orange", "--")}

with open(sys.argv[1], newline="") as file:
    rows = list(csv.DictReader(file))
figure, axes = plt.subplots(figsize=(8, 4.5), dpi=120)
images = [int(r["images"]) / 1000 for r in rows]
for column, (label, colour, style) in LINES.items():
    axes.plot(images, [float(r[column]) for r in rows], style, color=colour, label=label)
larger = next((i for i, r in zip(images, rows) if r["size"] == "320"), None)
if larger:
    axes.axvline(larger, color="gray", linewidth=0.8)
    axes.text(larger, 0.95, " 320 px from here", color="gray", fontsize=8)
axes.set(xlabel="thousand images", ylim=(0, 1), xlim=(0, images[-1]), title="whybox-n while it learnt")
axes.grid(alpha=0.3)
axes.legend(loc="lower right")
figure.tight_layout()
figure.savefig(sys.argv[2])
