// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Assumptions;

/** Reference models, images and arrays that are not part of the project. */
public record SharedFiles(Path path) {
  private static final Pattern SHAPE =
      Pattern.compile("'descr': '([^']+)'.*'shape': \\(([^)]*)\\)");

  /** The file, or a skipped test with one visible line. */
  public static SharedFiles require(String name) {
    Path path = Path.of(System.getProperty("whybox.shared", "../shared"), name);
    if (!Files.exists(path)) {
      System.out.println("SKIPPED (no reference file): " + name);
      Assumptions.abort("no reference file " + name);
    }
    return new SharedFiles(path);
  }

  /** An array of an .npz archive, as doubles. */
  public double[] array(String entry) {
    try (ZipFile zip = new ZipFile(path.toFile())) {
      byte[] bytes = zip.getInputStream(zip.getEntry(entry)).readAllBytes();
      ByteBuffer data = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
      int header = bytes[6] == 1 ? 10 : 12;
      int length = bytes[6] == 1 ? data.getShort(8) & 0xffff : data.getInt(8);
      Matcher matcher = SHAPE.matcher(new String(bytes, header, length, StandardCharsets.US_ASCII));
      if (!matcher.find()) {
        throw new IOException("no npy header in " + entry);
      }
      String type = matcher.group(1);
      int size = type.charAt(2) - '0';
      double[] values = new double[(bytes.length - header - length) / size];
      for (int i = 0; i < values.length; i++) {
        int at = header + length + i * size;
        values[i] =
            switch (type) {
              case "<f4" -> data.getFloat(at);
              case "<f8" -> data.getDouble(at);
              case "<i8" -> data.getLong(at);
              case "<i4" -> data.getInt(at);
              default -> throw new IOException("unknown type " + type);
            };
      }
      return values;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
