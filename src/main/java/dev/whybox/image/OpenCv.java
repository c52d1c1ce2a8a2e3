// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.image;

import dev.whybox.error.WhyboxException.MissingLibrary;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.opencv.global.opencv_imgcodecs;

/** Loads OpenCV, or says what keeps it from being loaded. */
final class OpenCv {
  private OpenCv() {}

  /**
   * Loads the library; every use of it comes after this. Later calls cost nothing.
   *
   * @throws MissingLibrary if it can't be loaded
   */
  static void load() {
    load(() -> Loader.load(opencv_imgcodecs.class));
  }

  /** Loads a library of OpenCV and gives its failure a type. */
  static void load(Runnable library) {
    try {
      library.run();
    } catch (LinkageError e) {
      Throwable root = e;
      while (root.getCause() != null) {
        root = root.getCause();
      }
      String home = System.getProperty("user.home") + "/.javacpp/cache";
      throw new MissingLibrary(
          "OpenCV can't be loaded: %s. It is unpacked into %s, which must be writable; name another"
                  .formatted(
                      root.getMessage(), System.getProperty("org.bytedeco.javacpp.cachedir", home))
              + " folder with -Dorg.bytedeco.javacpp.cachedir=FOLDER (whybox reads it from"
              + " WHYBOX_JAVA_OPTIONS). OpenCV's jar for this system must be there too.",
          e);
    }
  }
}
