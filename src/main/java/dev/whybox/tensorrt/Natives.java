// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.tensorrt;

import dev.whybox.error.Resources;
import org.bytedeco.cuda.cudart.CUhostFn;
import org.bytedeco.javacpp.LongPointer;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.tensorrt.nvonnxparser.IParser;

/**
 * The lifetime of what TensorRT makes. Its objects are freed with C++'s {@code delete}, which the
 * bindings do not offer, and which their deallocators do not do. What {@code delete} does is to
 * call an entry of the object's table of virtual functions: under the Itanium C++ ABI, which Linux
 * has on x86-64 and arm64, two entries stand where a class declares its virtual destructor, and the
 * second one destroys the object and frees its memory. In all classes of TensorRT 10 the destructor
 * is declared first, but for the parser's.
 *
 * <p>Made one after the other, freed in the opposite order.
 */
final class Natives implements AutoCloseable {
  private static final int FIRST = 0;

  /** Eight functions stand before it in NvOnnxParser.h of TensorRT 10. */
  private static final int PARSER = 8;

  private final TensorRtLog log;
  private final Resources resources = new Resources();

  /**
   * Nothing yet.
   *
   * @param log knows why TensorRT could not make something; not closed by this
   */
  Natives(TensorRtLog log) {
    this.log = log;
  }

  /**
   * Takes ownership of an object whose class declares its destructor first.
   *
   * @param made what TensorRT made, or null where it failed
   * @param call the call that made it, for the message
   * @return the same
   */
  <T extends Pointer> T own(T made, String call) {
    return own(made, FIRST, call);
  }

  /** Takes ownership of a parser. */
  IParser own(IParser made, String call) {
    return own(made, PARSER, call);
  }

  private <T extends Pointer> T own(T made, int destructor, String call) {
    if (made == null || made.isNull()) {
      throw log.failure(call);
    }
    resources.add(() -> delete(made, destructor));
    return made;
  }

  /** Frees an object before all others; not a parser, and nothing that others need. */
  static void free(Pointer made) {
    delete(made, FIRST);
  }

  /** Takes ownership of memory that JavaCPP allocated. */
  <T extends Pointer> T add(T allocated) {
    return resources.add(allocated);
  }

  /** Does nothing to what is freed already. */
  private static void delete(Pointer object, int destructor) {
    if (object.isNull()) {
      return;
    }
    long table = new LongPointer(object).get(0);
    // JavaCPP's function pointers point to where the function's address is, which the table is.
    Pointer entry = new Address(table + Long.BYTES * (destructor + 1L));
    new CUhostFn(entry).call(object);
    object.setNull();
  }

  /** Frees all. A second call does nothing. */
  @Override
  public void close() {
    resources.close();
  }
}
