# Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
"""The shap library's explainers against Whybox's estimators, on the same game.

    pip install shap==0.51.0 onnxruntime matplotlib

Whybox hands the game over (see README.md for how it is built), into a folder a picture; then, in bench/:

    java -Dsize=320 -cp target/benchmarks.jar dev.whybox.bench.LibraryGame FOLDER ../models/samples/hill.jpg 3 4 2
    python3 shap_library.py [--threads 2] [--seeds 2] [--budgets 64 128 256 512 1024] [--plot FILE.png] -- FOLDER...

Model, picture, segments, baseline and score are the same, which is checked on coalitions first. Errors are
sum((found - exact)^2) / sum(exact^2), exact values from all coalitions, or from a stored game of some 20,000. shap's KernelExplainer runs without the
selection of features that is its default (l1_reg), since that sets all but ten values to zero. PartitionExplainer
splits the grid in halves; it gives Owen values, which are not Shapley values, so its error does not go to zero. shap
decides how many coalitions it gives at once; they are run in batches of the size that is the fastest here.
"""
import argparse
import json
import os
import time

import numpy as np
import onnxruntime
import shap
from scipy.cluster.hierarchy import linkage


class Game:
    """The score of a row of zeros and ones, one a segment; counts what was run."""

    def __init__(self, folder, threads):
        with open(os.path.join(folder, "game.json"), encoding="utf-8") as file:
            self.told = json.load(file)
        self.image, self.baseline, labels = (
            np.load(os.path.join(folder, name + ".npy")) for name in ("image", "baseline", "labels"))
        self.labels = labels.astype(int)
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        self.session = onnxruntime.InferenceSession(
            os.path.join(folder, "model.onnx"), options, providers=["CPUExecutionProvider"])
        self.name = self.session.get_inputs()[0].name
        self.players = self.told["rows"] * self.told["columns"]
        self.exact = np.array(self.told["exact"])
        self.forwards = 0
        self.batch = 1
        fixed = self.session.get_inputs()[0].shape[0]
        self.batch = min([fixed] if isinstance(fixed, int) else [1, 2, 4, 8], key=self.time)

    def time(self, batch):
        self.batch = batch
        rows = np.ones((16, self.players))
        self(rows)
        times = []
        for _ in range(3):
            start = time.perf_counter()
            self(rows)
            times.append(time.perf_counter() - start)
        return min(times)

    def __call__(self, rows):
        rows = np.atleast_2d(np.asarray(rows)).astype(bool)
        self.forwards += len(rows)
        scores = []
        for start in range(0, len(rows), self.batch):
            # A last column for the padding, where image and baseline are the same.
            known = np.pad(rows[start:start + self.batch], ((0, 0), (0, 1)))
            masks = known[:, self.labels][:, None]
            output = self.session.run(None, {self.name: np.where(masks, self.image, self.baseline)})[0]
            scores.extend(self.score(one) for one in output)
        return np.array(scores)

    def score(self, output):
        """The best IoU x probability of the class, over all anchors, boxes cut to the picture."""
        x, y, w, h = output[:4]
        left, top, right, bottom = self.told["frame"]
        x1, x2 = np.maximum(x - w / 2, left), np.minimum(x + w / 2, right)
        y1, y2 = np.maximum(y - h / 2, top), np.minimum(y + h / 2, bottom)
        a1, b1, a2, b2 = self.told["box"]
        both = np.maximum(0, np.minimum(x2, a2) - np.maximum(x1, a1)) * np.maximum(
            0, np.minimum(y2, b2) - np.maximum(y1, b1))
        areas = np.maximum(0, x2 - x1) * np.maximum(0, y2 - y1) + (a2 - a1) * (b2 - b1)
        return float(np.max(both / (areas - both) * output[4 + self.told["class"]]))

    def check(self):
        """The largest difference from Whybox's scores."""
        return np.abs(self(np.array(self.told["coalitions"])) - np.array(self.told["scores"])).max()


def kernel(game, budget, seed):
    np.random.seed(seed)
    explainer = shap.KernelExplainer(game, np.zeros((1, game.players)))
    # The full picture and the baseline are forwards, too.
    return explainer.shap_values(np.ones((1, game.players)), nsamples=budget - 2, l1_reg=0, silent=True)[0]


def permutation(game, budget, seed):
    masker = shap.maskers.Independent(np.zeros((1, game.players)))
    explainer = shap.PermutationExplainer(game, masker, seed=seed)
    try:
        return explainer(np.ones((1, game.players)), max_evals=budget, silent=True).values[0]
    except ValueError as e:
        if "max_evals" in str(e):
            return None  # Fewer than one permutation takes.
        raise


def partition(game, budget, seed):
    del seed  # It draws nothing.
    columns = game.told["columns"]
    places = np.array([divmod(k, columns) for k in range(game.players)], dtype=float)
    masker = shap.maskers.Partition(np.zeros((1, game.players)), clustering=linkage(places, "complete"))
    explainer = shap.PartitionExplainer(game, masker)
    return explainer(np.ones((1, game.players)), max_evals=budget, silent=True).values[0]


def error(game, values):
    return float(np.sum((np.asarray(values) - game.exact) ** 2) / np.sum(game.exact ** 2))


def play(game, explain, budget, seed):
    game.forwards = 0
    start = time.perf_counter()
    values = explain(game, budget, seed)
    seconds = time.perf_counter() - start
    return None if values is None else (game.forwards, seconds, error(game, values))


def mean(games):
    """Of forwards and seconds over all runs; of errors over seeds, and the geometric one over games."""
    forwards, seconds = np.mean([run[:2] for runs in games for run in runs], axis=0)
    return forwards, seconds, np.exp(np.mean([np.log(np.mean([run[2] for run in runs])) for runs in games]))


def plot(file, table):
    import matplotlib
    matplotlib.use("Agg")
    from matplotlib import pyplot
    figure, axes = pyplot.subplots(1, 2, figsize=(9, 4.4), sharey=True)
    for axis, column, label in ((axes[0], 0, "forwards"), (axes[1], 1, "seconds")):
        for name, rows in table.items():
            points = np.array(list(rows.values()))
            axis.loglog(points[:, column], np.maximum(points[:, 2], 1e-8), "--s" if "shap" in name else "-o",
                        label=name, markersize=4)
        axis.set_xlabel(label)
        axis.grid(alpha=0.3)
    axes[0].set_ylabel("normalised squared error")
    figure.legend(*axes[0].get_legend_handles_labels(), loc="lower center", ncols=3, fontsize=8)
    figure.tight_layout(rect=(0, 0.14, 1, 1))
    figure.savefig(file, dpi=90)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", nargs="+")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--seeds", type=int, default=2)
    parser.add_argument("--budgets", type=int, nargs="+", default=[64, 128, 256, 512, 1024])
    parser.add_argument("--plot")
    arguments = parser.parse_args()
    print(f"shap {shap.__version__}, ONNX Runtime {onnxruntime.__version__}")
    table = {}
    for folder in arguments.folders:
        game = Game(folder, arguments.threads)
        print(f"{game.told['picture']}: largest difference of a score {game.check():.1e}, batches of {game.batch}")
        explainers = {"shap, KernelExplainer": kernel, "shap, PermutationExplainer": permutation,
                      "shap, PartitionExplainer": partition}
        found = {}
        for run in game.told["runs"]:
            row = found.setdefault((f"Whybox, {run['estimator']}", run["asked"]), [])
            row.append((run["forwards"], run["seconds"], error(game, run["values"])))
        for name, explain in explainers.items():
            play(game, explain, arguments.budgets[-1], 0)  # compiles what shap compiles
            for budget in arguments.budgets:
                runs = [play(game, explain, budget, seed) for seed in range(arguments.seeds)]
                found[name, budget] = [run for run in runs if run is not None]
        for (name, budget), runs in found.items():
            if runs:
                table.setdefault(name, {}).setdefault(budget, []).append(runs)
    means = {name: {budget: mean(games) for budget, games in rows.items()} for name, rows in table.items()}
    print("| forwards, seconds: error |" + "".join(f" {budget} |" for budget in arguments.budgets))
    print("|---|" + "---|" * len(arguments.budgets))
    for name, rows in means.items():
        cells = (rows.get(budget) for budget in arguments.budgets)
        print(f"| {name} |" + "".join(
            " |" if cell is None else " {:.0f}, {:.2f} s: {:.1e} |".format(*cell) for cell in cells))
    if arguments.plot:
        plot(arguments.plot, means)


if __name__ == "__main__":
    main()
