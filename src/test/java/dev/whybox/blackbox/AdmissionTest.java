// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.blackbox;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.whybox.error.WhyboxException.DeadlineTooShort;
import org.junit.jupiter.api.Test;

/** Preparing takes 60 ms, an image 40 ms, two at once: 60 + 2 · 40 + 2 · 40 = 220 ms. */
@SuppressWarnings("try") // some only take their turn
class AdmissionTest {
  private static final double NEVER = Double.POSITIVE_INFINITY;

  private static Admission known() {
    RunTimes times = new RunTimes();
    Admission admission = new Admission(times);
    try (Admission.Entry first = admission.enter("shap", 0.001, 2)) {
      first.prepared(0.06);
      times.took(0.04);
    }
    return admission;
  }

  private static String refused(Admission admission, String kind, double deadline) {
    return assertThrows(DeadlineTooShort.class, () -> admission.enter(kind, deadline, 2))
        .getMessage();
  }

  @Test
  void aCallThatCanNotGetASampleIsRefused() {
    Admission admission = known();
    String message = refused(admission, "shap", 0.2);
    assertTrue(message.contains("200 ms"), message);
    assertTrue(message.contains("about 220 ms, of which preparing 60 ms."), message);
    admission.enter("shap", 0.225, 2).close();
    // Of another kind the preparation is not known.
    admission.enter("lime", 0.17, 2).close();
    assertTrue(refused(admission, "lime", 1e-9).contains("less than 1 ms"));
  }

  /** Shared by two, each must be worth four times the 140 ms that come before a sample. */
  @Test
  void besideOthersACallMustBeWorthItsFixedCosts() {
    Admission admission = known();
    try (Admission.Entry first = admission.enter("shap", 0.5, 2)) {
      String message = refused(admission, "shap", 0.5);
      assertTrue(message.contains("1 other call runs"), message);
      assertTrue(message.contains("1120 ms"), message);
      try (Admission.Entry second = admission.enter("shap", 1.13, 2)) {
        assertTrue(refused(admission, "shap", 1.13).contains("2 other calls run"));
        assertDoesNotThrow(() -> admission.enter("shap", NEVER, 2)).close();
      }
    }
    admission.enter("shap", 0.5, 2).close();
  }

  /** One slow call, such as the first one, must not refuse all that follow. */
  @Test
  void refusalsAreNotForEver() {
    Admission admission = new Admission(new RunTimes());
    try (Admission.Entry cold = admission.enter("shap", 0.5, 2)) {
      cold.prepared(0.6);
    }
    int refusals = 0;
    while (true) {
      try {
        admission.enter("shap", 0.5, 2).close();
        break;
      } catch (DeadlineTooShort e) {
        refusals++;
      }
    }
    assertTrue(refusals > 0 && refusals < 100, "refused too often");
  }
}
