// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.inside;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class DistributionTest {
  private static float[] sample(int count) {
    Random random = new Random(3);
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      double size = Math.exp(3 * random.nextGaussian());
      values[i] = (float) (i % 5 == 0 ? 0 : random.nextBoolean() ? size : -size);
    }
    return values;
  }

  @Test
  void agreesWithThePlainComputation() {
    for (int count : new int[] {1, 2, 7, 10_001}) {
      float[] values = sample(count);
      Distribution found = new Distribution();
      double sum = 0;
      for (float value : values) {
        found.add(value);
        sum += value;
      }
      double mean = sum / count;
      double squares = 0;
      long[] histogram = new long[Distribution.BINS + 2];
      for (float value : values) {
        squares += (value - mean) * (value - mean);
        int bin = (int) Math.floor((value + 16) * 4) + 1;
        histogram[Math.min(Math.max(bin, 0), Distribution.BINS + 1)]++;
      }
      Arrays.sort(values);
      assertEquals(count, found.count());
      assertEquals(mean, found.mean(), 1e-9 * (1 + Math.abs(mean)));
      double deviation = Math.sqrt(squares / count);
      assertEquals(deviation, found.deviation(), 1e-6 * (1 + deviation));
      assertEquals(values[0], found.least());
      assertEquals(values[count - 1], found.greatest());
      assertArrayEquals(histogram, found.histogram());
      for (double share : new double[] {0, 0.01, 0.25, 0.5, 0.77, 0.99, 1}) {
        double wanted = values[(int) Math.round(share * (count - 1))];
        assertEquals(wanted, found.quantile(share), 0.008 * Math.abs(wanted), "at " + share);
      }
    }
  }

  @Test
  void edgesOfTheBins() {
    Distribution found = new Distribution();
    for (float value : new float[] {-16, Math.nextDown(-16f), 16, Math.nextDown(16f), 0, -0f}) {
      found.add(value);
    }
    long[] histogram = found.histogram();
    assertEquals(1, histogram[0], "below");
    assertEquals(1, histogram[1], "the first bin includes its lower edge");
    assertEquals(1, histogram[Distribution.BINS], "the last bin does not include its upper edge");
    assertEquals(1, histogram[Distribution.BINS + 1], "above");
    assertEquals(2, histogram[Distribution.BINS / 2 + 1], "both zeros");
  }

  @Test
  void extremesDoNotBreakIt() {
    Distribution found = new Distribution();
    assertTrue(Double.isNaN(found.quantile(0.5)) && Double.isNaN(found.mean()));
    found.add(Float.MAX_VALUE);
    found.add(-Float.MAX_VALUE);
    found.add(Float.MIN_VALUE);
    assertEquals(0, found.quantile(0.5), 1e-6);
    assertTrue(found.quantile(1) > 1e9 && found.quantile(0) < -1e9);
  }
}
