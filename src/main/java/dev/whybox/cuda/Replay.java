// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.cuda;

import dev.whybox.error.WhyboxException.EngineFailure;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Work on a stream that is done again and again: recorded once and replayed, or where it can't be
 * recorded, put on the stream call by call. For one thread at a time.
 */
public final class Replay implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Replay.class);

  private final CudaStream stream;
  private final Runnable work;
  private final CudaGraph graph;
  private final String plainReason;

  /**
   * Does the work once, and records it.
   *
   * @param stream the stream
   * @param work what to put on it; it must neither allocate nor wait
   * @throws EngineFailure where the work fails, and not only the recording
   */
  public Replay(CudaStream stream, Runnable work) {
    this.stream = stream;
    this.work = work;
    // Once without recording: engines set themselves up in their first run.
    work.run();
    stream.await();
    CudaGraph recorded = null;
    String plain = null;
    try {
      recorded = stream.capture(work);
    } catch (EngineFailure e) {
      plain = e.getMessage();
      work.run();
      stream.await(); // Throws where not only the recording failed.
      LOG.warn("Slower than need be: work goes to the GPU call by call, unrecorded. {}", plain);
    }
    this.graph = recorded;
    this.plainReason = plain;
  }

  /**
   * Why the work is put on the stream call by call.
   *
   * @return what the driver said, or null where it is replayed
   */
  public String plainReason() {
    return plainReason;
  }

  /** Does the work, and returns when it is done. */
  public void run() {
    if (graph == null) {
      work.run();
    } else {
      graph.replay(stream);
    }
    stream.await();
  }

  /** Frees the recording. A second call does nothing. */
  @Override
  public void close() {
    if (graph != null) {
      graph.close();
    }
  }
}
