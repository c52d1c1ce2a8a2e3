// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.engine;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import dev.whybox.error.WhyboxException.EngineFailure;
import java.util.HashMap;
import java.util.Map;

/**
 * One ONNX Runtime session a number of threads, since the number belongs to the session. Each holds
 * the weights, so besides the first one only the last that was used is kept open.
 */
final class OrtSessions implements AutoCloseable {
  private final OrtEnvironment environment;
  private final byte[] model;
  private final Map<Integer, Shared> sessions = new HashMap<>();
  private final int first;
  private final boolean plan;
  private boolean closed;

  private static final class Shared {
    private final OrtSession session;
    private int users;

    Shared(OrtSession session) {
      this.session = session;
    }
  }

  /**
   * Opens the first session.
   *
   * @param plan whether memory is laid out beforehand, from the second run on and beside what the
   *     first one took: that saves a forward about a tenth of its time, for twice the memory
   */
  OrtSessions(OrtEnvironment environment, byte[] model, int threads, boolean plan)
      throws OrtException {
    this.environment = environment;
    this.plan = plan;
    this.model = model;
    this.first = threads;
    sessions.put(threads, new Shared(create(threads)));
  }

  private OrtSession create(int threads) throws OrtException {
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      options.setIntraOpNumThreads(threads);
      options.setInterOpNumThreads(1);
      options.setMemoryPatternOptimization(plan);
      // What goes wrong is said by exceptions, not on the user's terminal.
      options.setSessionLogLevel(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL);
      return environment.createSession(model, options);
    }
  }

  /** The first session, which stays open. */
  synchronized OrtSession first() {
    requireOpen();
    return sessions.get(first).session;
  }

  /** A session for a user, who gives it back with {@link #release}. */
  synchronized OrtSession acquire(int threads) throws OrtException {
    requireOpen();
    Shared shared = sessions.get(threads);
    if (shared == null) {
      closeIdle();
      shared = new Shared(create(threads));
      sessions.put(threads, shared);
    }
    shared.users++;
    return shared.session;
  }

  synchronized void release(int threads) {
    Shared shared = sessions.get(threads);
    if (shared != null) {
      shared.users--;
    }
  }

  private void closeIdle() throws OrtException {
    var all = sessions.entrySet().iterator();
    while (all.hasNext()) {
      var entry = all.next();
      if (!entry.getKey().equals(first) && entry.getValue().users == 0) {
        all.remove();
        entry.getValue().session.close();
      }
    }
  }

  private void requireOpen() {
    if (closed) {
      throw new EngineFailure("The engine is closed.", null);
    }
  }

  /** Closes all, whoever uses them. A second call does nothing. */
  @Override
  public synchronized void close() throws OrtException {
    closed = true;
    OrtException failure = null;
    for (Shared shared : sessions.values()) {
      try {
        shared.session.close();
      } catch (OrtException e) {
        failure = failure == null ? e : failure;
      }
    }
    sessions.clear();
    if (failure != null) {
      throw failure;
    }
  }
}
