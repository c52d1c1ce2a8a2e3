// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.adapt;

import java.nio.FloatBuffer;
import java.util.Random;

/** A picture with edges, discs and noise, for a first look at what a model answers. */
final class ProbePicture {
  private static final int DISCS = 12;

  private ProbePicture() {}

  /** Writes planes of red, green and blue in [0,1] for the first image. */
  static void fill(FloatBuffer input, int height, int width) {
    Random random = new Random(1);
    float[][] discs = new float[DISCS][6];
    for (float[] disc : discs) {
      for (int i = 0; i < disc.length; i++) {
        disc[i] = random.nextFloat();
      }
    }
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        float u = (float) x / width;
        float v = (float) y / height;
        float[] color = {0.4f + 0.4f * v, 0.5f, 0.8f - 0.5f * v};
        for (float[] disc : discs) {
          float radius = 0.05f + 0.15f * disc[2];
          if (Math.hypot(u - disc[0], v - disc[1]) < radius) {
            color = new float[] {disc[3], disc[4], disc[5]};
          }
        }
        float noise = 0.05f * random.nextFloat();
        for (int c = 0; c < 3; c++) {
          input.put((c * height + y) * width + x, Math.min(1, color[c] + noise));
        }
      }
    }
  }
}
