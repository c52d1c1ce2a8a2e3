// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.tensorrt;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * The key of a file in the cache: everything that the file's content depends on. TensorRT's own
 * files hardly say what they were made from, and not at all which settings they were made for.
 *
 * @param kind {@code plan} or {@code timing}, which is also the extension of the file's name
 * @param text all that the content depends on, in words
 */
record CacheKey(String kind, String text) {

  /** The version of TensorRT and the kind of GPU. A plan runs where both are equal. */
  record Place(String tensorRt, String gpu, int capability) {
    @Override
    public String toString() {
      return "TensorRT " + tensorRt + ", " + gpu + ", sm_" + capability;
    }
  }

  /**
   * The key of a plan.
   *
   * @param place the TensorRT and GPU that run it
   * @param onnx the graph that TensorRT gets; it includes the precision and the image size
   * @param batches the smallest, usual and largest batch, and other settings
   */
  static CacheKey plan(Place place, byte[] onnx, String batches) {
    return new CacheKey(
        "plan", place + ", " + batches + ", " + HexFormat.of().formatHex(sha256().digest(onnx)));
  }

  /** The key of TensorRT's timing measurements. */
  static CacheKey timing(Place place) {
    return new CacheKey("timing", place.toString());
  }

  String fileName() {
    byte[] digest = sha256().digest(text.getBytes(StandardCharsets.UTF_8));
    return HexFormat.of().formatHex(digest) + "." + kind;
  }

  /**
   * The digest of the key and the content. A file that was renamed to another key fails this check,
   * too.
   */
  byte[] digest(byte[] content) {
    MessageDigest digest = sha256();
    digest.update((kind + "\n" + text + "\n").getBytes(StandardCharsets.UTF_8));
    return digest.digest(content);
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // Every Java platform has SHA-256, so this cannot happen.
    }
  }
}
