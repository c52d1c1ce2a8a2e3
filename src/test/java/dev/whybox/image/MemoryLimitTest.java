// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.image;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class MemoryLimitTest {
  private static final String LIMIT = "org.bytedeco.javacpp.maxPhysicalBytes";

  @Test
  void firstImageLiftsTheLimitOfTheProcess() {
    Image.ofRgb(1, 1, new byte[3]);
    assertEquals("0", System.getProperty(LIMIT));
  }

  @Test
  void ownLimitOfTheUserStays() {
    String before = System.getProperty(LIMIT);
    try {
      System.setProperty(LIMIT, "8g");
      Mats.liftMemoryLimit();
      assertEquals("8g", System.getProperty(LIMIT));
    } finally {
      System.setProperty(LIMIT, before == null ? "0" : before);
    }
  }
}
