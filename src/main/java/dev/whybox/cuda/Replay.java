// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.cuda;

import dev.whybox.error.WhyboxException.EngineFailure;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Work on a stream that runs many times. It is recorded once and replayed. If it cannot be
 * recorded, its calls are put on the stream one by one. For one thread at a time.
 */
public final class Replay implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Replay.class);

  private final CudaStream stream;
  private final Runnable work;
  private final CudaGraph graph;
  private final String plainReason;

  /**
   * Runs the work once and records it.
   *
   * @param stream the stream
   * @param work puts calls on the stream; it must neither allocate nor wait
   * @throws EngineFailure if the work itself fails; a failure of the recording alone is no error
   */
  public Replay(CudaStream stream, Runnable work) {
    this.stream = stream;
    this.work = work;
    // The first run is not recorded: engines prepare themselves in it.
    work.run();
    stream.await();
    CudaGraph recorded = null;
    String plain = null;
    try {
      recorded = stream.capture(work);
    } catch (EngineFailure e) {
      plain = e.getMessage();
      work.run();
      stream.await(); // Throws if the work failed, too.
      LOG.warn(
          "Work goes to the GPU call by call, which is slower, because it could not be"
              + " recorded. {}",
          plain);
    }
    this.graph = recorded;
    this.plainReason = plain;
  }

  /**
   * The reason why the work is put on the stream call by call.
   *
   * @return the driver's message, or null if the work is replayed
   */
  public String plainReason() {
    return plainReason;
  }

  /** Runs the work and waits until it is done. */
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
