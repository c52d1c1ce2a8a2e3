// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.cli;

import dev.whybox.ProgressListener;
import java.nio.charset.Charset;
import java.time.Duration;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/** Shows how far a run is: a bar on a terminal, else one line at its end. */
final class ProgressLine implements ProgressListener, AutoCloseable {
  private static final int INTERVAL_MILLIS = 250;

  private final Console console;
  private final String task;
  private final Interrupt interrupt;
  private ProgressBar bar;
  private long done;
  private Duration elapsed = Duration.ZERO;

  ProgressLine(Console console, String task, Interrupt interrupt) {
    this.console = console;
    this.task = task;
    this.interrupt = interrupt;
    if (console.width() == 0) {
      console.say(task + " ...");
    }
  }

  @Override
  public void onProgress(Progress progress) {
    done = progress.done();
    elapsed = progress.elapsed();
    if (interrupt.requested()) {
      progress.cancel();
    } else if (console.width() > 0) {
      if (bar == null) {
        bar = bar(progress.planned());
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
                  Texts.samples(Math.toIntExact(done)),
                  Texts.number(elapsed.toMillis() / 1e3)));
    }
  }
}
