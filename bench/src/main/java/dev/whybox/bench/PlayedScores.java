// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.bench;

import dev.whybox.design.Coalitions;
import dev.whybox.shapley.ComplementPairs;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A design that the model plays. */
final class PlayedScores implements GameScores {
  private final Coalitions design;
  private final LiveGame.Session session;
  private final int targets;
  private final float[] references;
  private final List<float[]> played = new ArrayList<>();

  PlayedScores(Coalitions design, LiveGame.Session session, int targets) {
    this.design = design;
    this.session = session;
    this.targets = targets;
    this.references = session.references();
  }

  @Override
  public ComplementPairs of(int pairs, int target) {
    if (pairs > played.size()) {
      float[] more = session.scores(2L * played.size(), 2 * (pairs - played.size()));
      for (int i = 0; i < more.length; i += 2 * targets) {
        played.add(Arrays.copyOfRange(more, i, i + 2 * targets));
      }
    }
    long[][] bits = new long[pairs][design.words()];
    double[] ones = new double[pairs];
    double[] others = new double[pairs];
    for (int i = 0; i < pairs; i++) {
      design.get(2L * i, bits[i]);
      ones[i] = played.get(i)[target];
      others[i] = played.get(i)[targets + target];
    }
    return new ComplementPairs(
        design.players(), bits, ones, others, references[target], references[targets + target]);
  }

  @Override
  public void close() {
    session.close();
  }
}
