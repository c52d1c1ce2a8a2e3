// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.cli;

import dev.whybox.dream.DreamListener;
import dev.whybox.explain.ProgressListener;
import java.nio.charset.Charset;
import java.time.Duration;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/** Shows the progress of a run: a bar on a terminal, else one line at the end. */
final class ProgressLine implements ProgressListener, DreamListener, AutoCloseable {
  private static final int INTERVAL_MILLIS = 250;

  private final Console console;
  private final String task;
  private final String unit;
  private final Interrupt interrupt;
  private ProgressBar bar;
  private long done;
  private Duration elapsed = Duration.ZERO;

  /**
   * Begins to show a run. {@code unit} is the word for one counted item, such as {@code sample}.
   */
  ProgressLine(Console console, String task, String unit, Interrupt interrupt) {
    this.console = console;
    this.task = task;
    this.unit = unit;
    this.interrupt = interrupt;
    if (console.width() == 0) {
      console.say(task + " ...");
    }
  }

  @Override
  public void onProgress(ProgressListener.Progress progress) {
    show(progress.done(), progress.planned(), progress.elapsed(), progress::cancel);
  }

  @Override
  public void onStep(DreamListener.Progress progress) {
    show(progress.done(), progress.planned(), progress.elapsed(), progress::cancel);
    if (bar != null) {
      bar.setExtraMessage(" " + Texts.number(progress.value()));
    }
  }

  private void show(long now, long planned, Duration time, Runnable cancel) {
    done = now;
    elapsed = time;
    if (interrupt.requested()) {
      cancel.run();
    } else if (console.width() > 0) {
      if (bar == null) {
        bar = bar(planned);
      }
      bar.stepTo(done);
    }
  }

  private ProgressBar bar(long planned) {
    boolean unicode = Charset.defaultCharset().name().startsWith("UTF");
    return new ProgressBarBuilder()
        .setTaskName(task)
        .setInitialMax(planned)
        .setUpdateIntervalMillis(INTERVAL_MILLIS)
        .setStyle(unicode ? ProgressBarStyle.COLORFUL_UNICODE_BLOCK : ProgressBarStyle.ASCII)
        .setConsumer(new ConsoleProgressBarConsumer(console.err(), console.width()))
        .build();
  }

  @Override
  public void close() {
    if (bar != null) {
      bar.close();
    } else if (done > 0) {
      console.say(
          "%s: %s in %s s"
              .formatted(
                  task,
                  Texts.count(Math.toIntExact(done), unit),
                  Texts.number(elapsed.toMillis() / 1e3)));
    }
  }
}
