// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.bench;

import dev.whybox.Options;
import dev.whybox.Whybox;
import dev.whybox.image.Image;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * What all benchmarks run on: {@code -Dmodel=FILE} (default: the bundled model), {@code -Dsize=N}
 * for a model of free size (default 640 for the bundled one), {@code -Dimage=FILE} (default: a
 * sample).
 */
final class Bench {
  private static final int SIZE = 640;

  private Bench() {}

  static Image image() {
    return Image.read(Path.of(System.getProperty("image", "../models/samples/" + sample())));
  }

  private static String sample() {
    String[] names =
        Path.of("../models/samples").toFile().list((dir, name) -> name.endsWith(".jpg"));
    if (names == null || names.length == 0) {
      throw new IllegalStateException("Run this in bench/, or name a picture with -Dimage=FILE.");
    }
    Arrays.sort(names);
    return names[0];
  }

  static Options options() {
    return Options.DEFAULT.withSize(size());
  }

  private static int size() {
    int standard = System.getProperty("model") == null ? SIZE : 0;
    return Integer.getInteger("size", standard);
  }

  static Whybox open() {
    return open(options());
  }

  static Whybox open(Options options) {
    String model = System.getProperty("model");
    return model == null ? Whybox.bundled(options) : Whybox.open(Path.of(model), options);
  }

  static byte[] modelBytes() {
    String model = System.getProperty("model");
    try {
      if (model != null) {
        return Files.readAllBytes(Path.of(model));
      }
      try (InputStream stream = Whybox.class.getResourceAsStream("models/whybox-n.onnx")) {
        return stream.readAllBytes();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
