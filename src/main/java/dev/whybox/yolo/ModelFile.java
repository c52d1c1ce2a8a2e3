// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.yolo;

import dev.whybox.error.WhyboxException.BadArgument;
import dev.whybox.error.WhyboxException.UnreadableModel;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** The bytes of a model: from a file, or the small model that comes with Whybox. */
public final class ModelFile {
  /** The name of the bundled model, in results and messages. */
  public static final String BUNDLED = "models/whybox-n.onnx";

  private static final String RESOURCE = "/dev/whybox/models/whybox-n.onnx";

  /**
   * The largest size of a model in bytes. An ONNX file cannot exceed 2 GiB, and no YOLO model comes
   * near that.
   */
  private static final long MAX_MODEL_BYTES = Integer.MAX_VALUE - 8L;

  private ModelFile() {}

  /**
   * Reads a model's file.
   *
   * @param file the file
   * @return all its bytes
   * @throws UnreadableModel if there is no such file, or if it cannot be read
   */
  public static byte[] read(Path file) {
    try {
      if (!Files.isRegularFile(file)) {
        throw new UnreadableModel(
            file
                + ": "
                + (Files.exists(file) ? "not a regular file" : "no such file")
                + ". Name an .onnx file.",
            null);
      }
      if (Files.size(file) > MAX_MODEL_BYTES) {
        throw new UnreadableModel(
            file + ": " + Files.size(file) + " bytes, but an ONNX file has at most 2 GiB.", null);
      }
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new UnreadableModel(
          file + ": can't be read (" + e + "). Check that you may read it.", e);
    }
  }

  /**
   * Reads the model that comes with Whybox.
   *
   * @return all bytes of its ONNX file
   * @throws UnreadableModel if this build has none
   */
  public static byte[] bundled() {
    try (InputStream stream = ModelFile.class.getResourceAsStream(RESOURCE)) {
      if (stream == null) {
        throw new UnreadableModel("This build of Whybox has no bundled model. Name one.", null);
      }
      return stream.readAllBytes();
    } catch (IOException e) {
      throw new UnreadableModel("The bundled model can't be read: " + e.getMessage(), e);
    }
  }

  /**
   * The digest that results name a model by.
   *
   * @param bytes the model's file
   * @return 64 lower-case hexadecimal digits
   */
  public static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // Every Java platform has SHA-256.
    }
  }

  /**
   * Checks the batch of a model that was exported with a fixed one.
   *
   * @param name the model's name in the message
   * @param fixed the batch of the export, or 0 if it is free
   * @param asked the batch that was asked for, or 0 for any
   * @throws BadArgument if both are given and differ
   */
  public static void requireBatch(String name, int fixed, int asked) {
    if (fixed > 0 && asked > 0 && asked != fixed) {
      throw new BadArgument(
          name
              + ": the export has a fixed batch of "
              + fixed
              + ", so a batch of "
              + asked
              + " is not possible. Export it with dynamic=True, or leave the batch out.");
    }
  }
}
