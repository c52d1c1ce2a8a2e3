// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.whitebox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.whybox.explain.Attribution.PixelValues;
import dev.whybox.explain.PassResult;
import dev.whybox.image.Letterbox;
import dev.whybox.whitebox.GradientEstimator.Estimate;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Models whose logit along the way is a known function, so that the integral is known. */
class IntegratedGradientsSumTest {
  private static final Pixels PIXEL = new Pixels(Letterbox.of(1, 1, 1, 1));

  /** A logit on the way, and its derivative. */
  private record Way(DoubleUnaryOperator logit, DoubleUnaryOperator slope) {
    /** A step at a place, of some width, on top of a parabola. */
    static Way peak(double place, double width) {
      return new Way(
          t -> 5 * Math.tanh((t - place) / width) + t * t,
          t -> 5 / width / Math.pow(Math.cosh((t - place) / width), 2) + 2 * t);
    }

    double fall() {
      return logit.applyAsDouble(1) - logit.applyAsDouble(0);
    }

    /** The change of red is half the way, that of green the other half. */
    PassResult at(double t) {
      float half = (float) slope.applyAsDouble(t) / 2;
      FloatBuffer gradient = FloatBuffer.wrap(new float[] {half, half, 0});
      return new PassResult((float) logit.applyAsDouble(t), List.of(gradient), List.of());
    }
  }

  private static final class Runner {
    private final IntegrationPath path;
    private final List<Way> ways;
    private final List<IntegratedGradientsSum> sums = new ArrayList<>();
    private final long most;
    private long done;

    Runner(long samples, Way... ways) {
      this.path = new IntegrationPath(samples);
      this.most = path.used(samples);
      this.ways = List.of(ways);
      for (int i = 0; i < ways.length; i++) {
        sums.add(new IntegratedGradientsSum(path, PIXEL, new float[] {1, 1, 1}));
      }
    }

    Runner to(long samples) {
      while (done < samples && !sums.stream().allMatch(GradientEstimator::satisfied)) {
        double position = path.step(done++).position();
        for (int i = 0; i < sums.size(); i++) {
          sums.get(i).accept(ways.get(i).at(position));
        }
      }
      return this;
    }

    Runner all() {
      return to(most);
    }

    double value(int target) {
      return ((PixelValues) sums.get(target).estimate().attribution()).values()[0];
    }
  }

  @ParameterizedTest
  @CsvSource({
    "300, 297",
    "257, 257",
    "20, 17",
    "17, 17",
    "16, 7",
    "7, 7",
    "6, 5",
    "5, 5",
    "4, 3",
    "3, 3"
  })
  void asManySamplesAreTakenAsAreOfUse(long asked, long used) {
    // A jump, which no gradient shows, is never integrated.
    Runner run = new Runner(asked, new Way(t -> t < 0.3 ? 0 : 1, t -> 0)).all();
    assertEquals(used, run.done);
    assertEquals(used, run.sums.get(0).used(run.done));
  }

  /** Five nodes integrate polynomials up to the ninth degree exactly, three up to the fifth. */
  @ParameterizedTest
  @CsvSource({"7, 9", "5, 5", "3, 1"})
  void polynomialsAreExact(long samples, int degree) {
    Way way =
        new Way(t -> Math.pow(t, degree + 1) - 2 * t, t -> (degree + 1) * Math.pow(t, degree) - 2);
    Runner run = new Runner(samples, way).all();
    assertEquals(samples, run.done);
    assertEquals(way.fall(), run.value(0), 1e-6);
    assertEquals(0, run.sums.get(0).estimate().gap(), 1e-6);
  }

  /** Near the baseline, in the middle, and at the image, as narrow as one part in two thousand. */
  @ParameterizedTest
  @ValueSource(doubles = {0.004, 0.02, 0.37, 0.5, 0.93})
  void narrowPeaksAreFound(double place) {
    for (double width : new double[] {0.1, 0.01, 0.001, 0.0005}) {
      Way way = Way.peak(place, width);
      Runner run = new Runner(257, way).all();
      String what = place + ", " + width + ": " + run.done;
      assertTrue(run.sums.get(0).satisfied(), what);
      Estimate estimate = run.sums.get(0).estimate();
      assertEquals(way.fall(), run.value(0), 0.01 * way.fall(), what);
      assertEquals(Math.abs(run.value(0) - way.fall()), estimate.gap(), 1e-4, what);
      assertEquals(way.logit.applyAsDouble(1), estimate.full(), 1e-5);
      assertEquals(way.logit.applyAsDouble(0), estimate.empty(), 1e-5);
    }
  }

  @Test
  void aSmoothWayIsShort() {
    assertEquals(17, new Runner(257, Way.peak(0.4, 0.9)).all().done);
  }

  @Test
  void targetsWithPeaksAtDifferentPlacesShareTheWay() {
    Way[] ways = {Way.peak(0.02, 0.002), Way.peak(0.7, 0.002), Way.peak(0.5, 0.9)};
    Runner run = new Runner(257, ways).all();
    for (int i = 0; i < ways.length; i++) {
      assertTrue(run.sums.get(i).satisfied(), "target " + i);
      assertEquals(ways[i].fall(), run.value(i), 0.01 * ways[i].fall());
      assertTrue(run.sums.get(i).used(run.done) <= run.done);
    }
    assertTrue(run.sums.get(2).used(run.done) < run.done, "the smooth one needs fewer");
  }

  /** A run that is cut short gives the values of the parts that are whole. */
  @Test
  void halvesCountOnlyTogether() {
    Way way = Way.peak(0.02, 0.002);
    double before = new Runner(257, way).to(27).value(0);
    for (int more = 1; more < 10; more++) {
      Runner run = new Runner(257, way).to(27 + more);
      assertEquals(before, run.value(0), "after " + more);
      assertEquals(27, run.sums.get(0).used(27 + more));
    }
    assertTrue(new Runner(257, way).to(37).value(0) != before);
  }
}
