// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.DoubleNode;
import com.fasterxml.jackson.databind.node.NullNode;

/** Writes records and maps as JSON. */
final class Json {
  private Json() {}

  /** Writes a value as JSON, indented, with a line end. */
  static String write(Object value) {
    try {
      return new ObjectMapper().writer(new JsonLayout()).writeValueAsString(value) + "\n";
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("Records of numbers and texts always become JSON.", e);
    }
  }

  /** A number; null if it is not finite. */
  static JsonNode number(double value) {
    return Double.isFinite(value) ? DoubleNode.valueOf(value) : NullNode.getInstance();
  }
}
