// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.blackbox;

import dev.whybox.error.WhyboxException.DeadlineTooShort;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Says at once whether a call's deadline can be met, from what earlier calls took: a call that
 * cannot get a sample in time is refused before it costs anything. Calls that run at once share the
 * processors, and each pays for its preparation, its full image and its baseline. So a call is let
 * in beside others only if its part of the time is worth that. The first call of a kind is always
 * let in, since nothing is known of it. Safe to share between threads.
 */
final class Admission {
  /** Beside others a call needs time for so many times what it pays before its first sample. */
  private static final double WORTH = 4;

  /** How much of what was known a new measurement leaves. */
  private static final double MEMORY = 0.7;

  /** What is left of what is known after each refusal that only it was the reason of. */
  private static final double DOUBT = 0.97;

  private static final int MOST_KINDS = 64;

  /** The full image and the baseline. */
  private static final int REFERENCES = 2;

  private final Map<String, Double> preparations =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Double> eldest) {
          return size() > MOST_KINDS;
        }
      };

  private final RunTimes times;
  private int inside;

  /**
   * Knows no call yet.
   *
   * @param times what the model takes, as calls measure it
   */
  Admission(RunTimes times) {
    this.times = times;
  }

  /**
   * Lets a call in.
   *
   * @param kind calls of the same kind take about the same preparation
   * @param deadline seconds from now, or infinity
   * @param width images that are run at once
   * @return the call, to be closed at its end
   * @throws DeadlineTooShort where the deadline leaves no time for a sample
   */
  synchronized Entry enter(String kind, double deadline, int width) {
    double preparation = preparations.getOrDefault(kind, 0.0);
    double known = times.secondsPerImage();
    double image = Double.isNaN(known) ? 0 : known * times.tail();
    double paid = preparation + REFERENCES * image;
    double needed = paid + width * image;
    double shared = inside == 0 ? 0 : (inside + 1) * WORTH * paid;
    if (Math.max(needed, shared) > deadline) {
      if (inside == 0) {
        // Refused calls measure nothing: so that one slow call does not refuse all that follow.
        preparations.computeIfPresent(kind, (same, took) -> took * DOUBT);
        times.doubt(DOUBT);
      }
      throw new DeadlineTooShort(
          ("The deadline of %s ms leaves no time for a sample: the image, its baseline and a first"
                  + " sample take about %d ms, of which preparing %d ms%s. Give more time, or name a fallback.")
              .formatted(
                  milliseconds(deadline),
                  Math.round(1e3 * needed),
                  Math.round(1e3 * preparation),
                  needed > deadline
                      ? ""
                      : "; %d other %s at the same time, and beside %s a call needs %d ms"
                          .formatted(
                              inside,
                              inside == 1 ? "call runs" : "calls run",
                              inside == 1 ? "it" : "them",
                              Math.round(1e3 * shared))));
    }
    inside++;
    return new Entry(kind);
  }

  /** A deadline in words: whole milliseconds, or less than one. */
  static String milliseconds(double seconds) {
    return seconds < 1e-3 ? "less than 1" : String.valueOf(Math.round(1e3 * seconds));
  }

  /** A call that was let in. For one thread at a time. */
  final class Entry implements AutoCloseable {
    private final String kind;
    private boolean closed;

    private Entry(String kind) {
      this.kind = kind;
    }

    /** Tells how long the preparation took, in seconds. */
    void prepared(double seconds) {
      synchronized (Admission.this) {
        // A picture that was seen before takes less, which says nothing of the next one.
        preparations.merge(
            kind, seconds, (old, now) -> Math.max(now, MEMORY * old + (1 - MEMORY) * now));
      }
    }

    @Override
    public void close() {
      synchronized (Admission.this) {
        if (!closed) {
          closed = true;
          inside--;
        }
      }
    }
  }
}
