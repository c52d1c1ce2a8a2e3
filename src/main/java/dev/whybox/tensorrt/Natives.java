// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.tensorrt;

import dev.whybox.error.Resources;
import org.bytedeco.cuda.cudart.CUhostFn;
import org.bytedeco.javacpp.LongPointer;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.tensorrt.nvonnxparser.IParser;

/**
 * Owns objects that TensorRT made and frees them in the opposite order. They must be freed with
 * C++'s {@code delete}, which neither the bindings nor their deallocators call. {@code delete}
 * calls an entry of the object's table of virtual functions. Under the Itanium C++ ABI, which Linux
 * uses on x86-64 and arm64, a virtual destructor has two entries at the place of its declaration;
 * the second one destroys the object and frees its memory. All classes of TensorRT 10 declare the
 * destructor first, except for the parser.
 */
final class Natives implements AutoCloseable {
  private static final int FIRST = 0;

  /** The parser's destructor is declared after eight functions in NvOnnxParser.h of TensorRT 10. */
  private static final int PARSER = 8;

  private final TensorRtLog log;
  private final Resources resources = new Resources();

  /**
   * Owns nothing yet.
   *
   * @param log holds TensorRT's error messages; it is not closed here
   */
  Natives(TensorRtLog log) {
    this.log = log;
  }

  /**
   * Takes ownership of an object whose class declares its destructor first.
   *
   * @param made the object that TensorRT made, or null if it failed
   * @param call the call that made it, for the message
   * @return the same object
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

  /** Frees an object early. It must not be a parser, and no other object may need it. */
  static void free(Pointer made) {
    delete(made, FIRST);
  }

  /** Takes ownership of memory that JavaCPP allocated. */
  <T extends Pointer> T add(T allocated) {
    return resources.add(allocated);
  }

  /** Deletes an object; does nothing if it is already deleted. */
  private static void delete(Pointer object, int destructor) {
    if (object.isNull()) {
      return;
    }
    long table = new LongPointer(object).get(0);
    // A function pointer of JavaCPP points to a cell that holds the function's address. An entry of
    // the table is such a cell.
    Pointer entry = new Address(table + Long.BYTES * (destructor + 1L));
    new CUhostFn(entry).call(object);
    object.setNull();
  }

  /** Frees all objects. A second call does nothing. */
  @Override
  public void close() {
    resources.close();
  }
}
