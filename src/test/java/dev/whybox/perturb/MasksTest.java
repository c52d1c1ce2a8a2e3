// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.perturb;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.whybox.design.Coalitions;
import dev.whybox.design.UniformCoalitions;
import dev.whybox.image.Image;
import dev.whybox.image.Letterbox;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

public class MasksTest {
  private static final float CANARY = -77;

  private static Scene scene(int width, int height, int inputWidth, int inputHeight) {
    return scene(Letterbox.of(width, height, inputWidth, inputHeight));
  }

  private static Scene scene(Letterbox letterbox) {
    int pixels = letterbox.contentWidth() * letterbox.contentHeight();
    byte[] image = new byte[3 * pixels];
    byte[] baseline = new byte[3 * pixels];
    new Random(1).nextBytes(image);
    new Random(2).nextBytes(baseline);
    return Scene.of(
        letterbox,
        Image.ofRgb(letterbox.contentWidth(), letterbox.contentHeight(), image),
        Image.ofRgb(letterbox.contentWidth(), letterbox.contentHeight(), baseline));
  }

  private static FloatBuffer paint(Masks masks, Scene scene, long sample) {
    int size = scene.size();
    FloatBuffer buffer =
        ByteBuffer.allocateDirect(4 * (size + 2)).order(ByteOrder.nativeOrder()).asFloatBuffer();
    buffer.put(0, CANARY).put(size + 1, CANARY);
    masks.painter(scene).paint(sample, buffer, 1);
    assertEquals(CANARY, buffer.get(0));
    assertEquals(CANARY, buffer.get(size + 1));
    return buffer;
  }

  @ParameterizedTest
  @CsvSource({"50,30,64,64", "30,50,64,64", "64,64,64,64", "1,40,32,64", "7,3,96,32"})
  void segmentsShowImageOrBaseline(int width, int height, int inputWidth, int inputHeight) {
    segments(scene(width, height, inputWidth, inputHeight));
  }

  @ParameterizedTest
  @CsvSource({"50,30,16,16", "30,50,16,16", "31,64,32,32", "9,9,12,12"})
  void aCropShowsTheMasksMiddle(int width, int height, int inputWidth, int inputHeight) {
    Scene scene = scene(Letterbox.cropped(width, height, inputWidth, inputHeight));
    segments(scene);
    rise(scene);
  }

  private static void segments(Scene scene) {
    Letterbox box = scene.letterbox();
    int inputWidth = box.inputWidth();
    byte[] gray = new byte[3 * box.contentWidth() * box.contentHeight()];
    Segments segments =
        Segmentation.grid(3, 5).of(Image.ofRgb(box.contentWidth(), box.contentHeight(), gray));
    Coalitions design = new UniformCoalitions(segments.count(), 9);
    SegmentMasks masks = new SegmentMasks(segments, design);
    long[] bits = new long[1];
    for (long sample = 0; sample < 8; sample++) {
      design.get(sample, bits);
      FloatBuffer painted = paint(masks, scene, sample);
      for (int i = 0; i < scene.size(); i++) {
        int x = i % inputWidth - box.left();
        int y = i % scene.plane() / inputWidth - box.top();
        boolean inside = x >= 0 && y >= 0 && x < box.contentWidth() && y < box.contentHeight();
        boolean kept = inside && (bits[0] >> segments.label(x, y) & 1) != 0;
        assertEquals((kept ? scene.image() : scene.baseline())[i], painted.get(1 + i));
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"50,30,64,64", "30,50,64,64", "1,40,32,64"})
  void riseMasksBlendBilinearly(int width, int height, int inputWidth, int inputHeight) {
    rise(scene(width, height, inputWidth, inputHeight));
  }

  private static void rise(Scene scene) {
    Letterbox box = scene.letterbox();
    int inputWidth = box.inputWidth();
    RiseMasks masks = new RiseMasks(box.contentWidth(), box.contentHeight(), 4, 0.5, 11);
    RiseMasks.Lattice lattice = masks.lattice();
    for (long sample = 0; sample < 5; sample++) {
      lattice.draw(sample);
      FloatBuffer painted = paint(masks, scene, sample);
      for (int i = 0; i < scene.size(); i++) {
        int x = i % inputWidth - box.left();
        int y = i % scene.plane() / inputWidth - box.top();
        float expected = scene.baseline()[i];
        if (x >= 0 && y >= 0 && x < box.contentWidth() && y < box.contentHeight()) {
          // The definition: a lattice of 4 cells over the content, shifted, interpolated.
          double u = (x + 0.5) * 4 / box.contentWidth() + lattice.phaseX() / 8.0;
          double v = (y + 0.5) * 4 / box.contentHeight() + lattice.phaseY() / 8.0;
          double mask = 0;
          for (int r = 0; r < 6; r++) {
            for (int c = 0; c < 6; c++) {
              double tent = Math.max(0, 1 - Math.abs(u - c)) * Math.max(0, 1 - Math.abs(v - r));
              mask += tent * lattice.points()[r * 6 + c];
            }
          }
          expected += (float) (mask * (scene.image()[i] - expected));
        }
        assertEquals(expected, painted.get(1 + i), 1e-5f);
      }
    }
  }

  @Test
  void fullAndEmptyAreTheImageAndTheBaseline() {
    Scene scene = scene(40, 20, 32, 32);
    Segments segments = Segmentation.grid(2, 2).of(Image.ofRgb(32, 16, new byte[3 * 32 * 16]));
    for (Masks masks :
        new Masks[] {
          new SegmentMasks(segments, new UniformCoalitions(4, 0)), new RiseMasks(32, 16, 4, 0.5, 0)
        }) {
      FloatBuffer full = paint(masks, scene, Masks.FULL);
      FloatBuffer empty = paint(masks, scene, Masks.EMPTY);
      for (int i = 0; i < scene.size(); i++) {
        assertEquals(scene.image()[i], full.get(1 + i));
        assertEquals(scene.baseline()[i], empty.get(1 + i));
      }
    }
  }

  @Test
  void latticeKeepsItsShareAndAllShiftsOccur() {
    RiseMasks.Lattice lattice = new RiseMasks(64, 64, 8, 0.3, 5).lattice();
    boolean[] shifts = new boolean[64];
    double kept = 0;
    int draws = 3000;
    for (int i = 0; i < draws; i++) {
      lattice.draw(i);
      shifts[lattice.phaseY() * 8 + lattice.phaseX()] = true;
      for (float point : lattice.points()) {
        kept += point;
      }
    }
    assertEquals(0.3, kept / (draws * 100.0), 0.005);
    for (boolean shift : shifts) {
      assertTrue(shift);
    }
  }
}
