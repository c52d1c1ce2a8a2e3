// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.explain;

import java.time.Duration;

/** The part of a run's progress that all loops share: its time, and whether it is cancelled. */
public abstract class RunProgress implements ProgressListener.Progress {
  private final RunContext context;
  private volatile boolean cancelled;

  /**
   * Begins a run.
   *
   * @param context the call
   */
  protected RunProgress(RunContext context) {
    this.context = context;
  }

  /**
   * Whether the listener has cancelled the run.
   *
   * @return true after {@link #cancel}
   */
  protected final boolean cancelled() {
    return cancelled;
  }

  @Override
  public final Duration elapsed() {
    return context.elapsed();
  }

  @Override
  public final void cancel() {
    cancelled = true;
  }
}
