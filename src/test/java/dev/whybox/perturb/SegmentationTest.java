// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.perturb;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.whybox.error.WhyboxException.BadArgument;
import dev.whybox.image.Image;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SegmentationTest {

  @ParameterizedTest
  @ValueSource(strings = {"grid:16x16", "grid:1x64", "slic:1", "slic:1024"})
  void aNameIsParsedAndGivenBack(String name) {
    assertEquals(name, Segmentation.parse(name).toString());
  }

  @Test
  void aDrawingIsParsedWhereItExists(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("A.PNG");
    String missing =
        assertThrows(BadArgument.class, () -> Segmentation.parse(file.toString())).getMessage();
    assertTrue(missing.contains("A.PNG"), missing);
    Files.createFile(file);
    assertEquals(new Segmentation.Labels(file), Segmentation.parse(file.toString()));
    assertEquals(file.toString(), Segmentation.labels(file).toString());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "grid",
        "grid:16",
        "grid:axb",
        "grid:16x",
        "grid:-1x4",
        "slic:",
        "slic:x",
        "a.jpg",
        "grid:99999999999x1",
        "slic:0",
        "slic:4097",
        "grid:0x4",
        "grid:65x4",
        "grid:33x32",
        "slic:1025",
        "grid:4x65",
        "x\0.png"
      })
  void whatIsWrongIsSaid(String name) {
    String message = assertThrows(BadArgument.class, () -> Segmentation.parse(name)).getMessage();
    assertTrue(message.endsWith(".") && message.contains(" but ") || message.contains("no file"));
  }

  @ParameterizedTest
  @CsvSource({"16,16,320,213,256", "32,32,3,2,6", "1,1,7,7,1", "2,3,1,4000,2", "3,4,5,4,12"})
  void aGridHasCellsOfEqualSize(int rows, int columns, int width, int height, int count) {
    Segments segments =
        Segmentation.grid(rows, columns)
            .of(Image.ofRgb(width, height, new byte[3 * width * height]));
    assertEquals(count, segments.count());
    assertEquals(count, segments.rows() * segments.columns());
    int[] areas = new int[count];
    for (int i = 0; i < width * height; i++) {
      areas[segments.label(i % width, i / width)]++;
    }
    double area = (double) width * height / count;
    double side = Math.max((double) width / segments.columns(), (double) height / segments.rows());
    for (int found : areas) {
      assertEquals(area, found, 2 * side + 1);
      assertTrue(found > 0);
    }
  }

  @Test
  void aGridsCellsRunRowByRow() {
    Segments segments = Segmentation.grid(2, 2).of(Image.ofRgb(3, 3, new byte[27]));
    int[] labels = new int[9];
    for (int i = 0; i < 9; i++) {
      labels[i] = segments.label(i % 3, i / 3);
    }
    assertArrayEquals(new int[] {0, 0, 1, 0, 0, 1, 2, 2, 3}, labels);
  }
}
