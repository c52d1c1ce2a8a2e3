// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.tensorrt;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * What something that TensorRT made depends on. TensorRT's own files say little of what they were
 * made from, and nothing of what they were made for.
 *
 * @param kind {@code plan} or {@code timing}, which is the end of the file's name
 * @param text all of it, in words
 */
record CacheKey(String kind, String text) {

  /** What makes two GPUs the same for a plan: TensorRT's version and the GPU. */
  record Place(String tensorRt, String gpu, int capability) {
    @Override
    public String toString() {
      return "TensorRT " + tensorRt + ", " + gpu + ", sm_" + capability;
    }
  }

  /**
   * The key of a plan.
   *
   * @param place where it is to run
   * @param onnx the graph as TensorRT gets it: precision and image size are part of it
   * @param batches the smallest, usual and largest batch, and other settings
   */
  static CacheKey plan(Place place, byte[] onnx, String batches) {
    return new CacheKey(
        "plan", place + ", " + batches + ", " + HexFormat.of().formatHex(sha256().digest(onnx)));
  }

  /** The key of the times that TensorRT measured. */
  static CacheKey timing(Place place) {
    return new CacheKey("timing", place.toString());
  }

  String fileName() {
    byte[] digest = sha256().digest(text.getBytes(StandardCharsets.UTF_8));
    return HexFormat.of().formatHex(digest) + "." + kind;
  }

  /** A digest of the key and what is kept under it: a file under another's name fails too. */
  byte[] digest(byte[] content) {
    MessageDigest digest = sha256();
    digest.update((kind + "\n" + text + "\n").getBytes(StandardCharsets.UTF_8));
    return digest.digest(content);
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // Every Java platform has SHA-256.
    }
  }
}
