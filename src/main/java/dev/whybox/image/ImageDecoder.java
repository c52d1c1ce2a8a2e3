// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.image;

import static org.bytedeco.opencv.global.opencv_core.CV_8UC1;
import static org.bytedeco.opencv.global.opencv_core.flip;
import static org.bytedeco.opencv.global.opencv_core.transpose;
import static org.bytedeco.opencv.global.opencv_imgcodecs.IMREAD_COLOR_RGB;
import static org.bytedeco.opencv.global.opencv_imgcodecs.IMREAD_IGNORE_ORIENTATION;
import static org.bytedeco.opencv.global.opencv_imgcodecs.imdecode;

import dev.whybox.error.WhyboxException;
import dev.whybox.error.WhyboxException.ImageTooLarge;
import dev.whybox.error.WhyboxException.UnreadableImage;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.function.Function;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.opencv.opencv_core.Mat;

/**
 * Decodes image files with OpenCV. The header is checked first: the file must be complete and the
 * image not too large.
 */
final class ImageDecoder {
  /** More pixels than any camera takes. Decoded, so many need 300 MB. */
  static final long MAX_PIXELS = 100_000_000;

  static final int MAX_BYTES = 256 << 20;

  private static final int RGB8 = IMREAD_COLOR_RGB;
  private static final int FLIP_ROWS = 0;
  private static final int FLIP_COLUMNS = 1;
  private static final int FLIP_BOTH = -1;

  private ImageDecoder() {}

  static byte[] bytes(Path file) {
    if (Files.isDirectory(file)) {
      throw new UnreadableImage(
          file + " must be an image file, but is a directory. Name the files in it.");
    }
    byte[] bytes;
    try (InputStream in = Files.newInputStream(file)) {
      // The size is checked before reading. A pipe has no size, so the read is limited as well.
      long size = Files.size(file);
      if (size > MAX_BYTES) {
        throw tooManyBytes(file, size + " bytes");
      }
      bytes = in.readNBytes(MAX_BYTES + 1);
    } catch (NoSuchFileException e) {
      throw new UnreadableImage(
          file
              + " does not exist. "
              + (file.toString().indexOf('\uFFFD') < 0
                  ? "Check the path."
                  : "Its name has bytes that are no text in this locale's encoding; rename the file."),
          e);
    } catch (IOException e) {
      throw new UnreadableImage(
          file + " can't be read (" + e + "). Check the file and its permissions.", e);
    }
    if (bytes.length > MAX_BYTES) {
      throw tooManyBytes(file, "more");
    }
    return bytes;
  }

  static Image image(byte[] bytes, String name) {
    if (isPointer(bytes)) {
      throw new UnreadableImage(
          name + " is a Git LFS pointer, not the image itself. Fetch it with `git lfs pull`.");
    }
    return decode(bytes, name, ImageHeader.of(bytes, name), RGB8, Mats::image).named(name);
  }

  /** Whether a file stands for another one that Git has not fetched. */
  private static boolean isPointer(byte[] bytes) {
    byte[] start = "version https://git-lfs.github.com/spec/".getBytes(StandardCharsets.US_ASCII);
    return bytes.length >= start.length
        && Arrays.equals(bytes, 0, start.length, start, 0, start.length);
  }

  /**
   * Decodes an image and turns it upright.
   *
   * @param flags the flags of OpenCV's imdecode
   * @param use takes the result out of the matrix, which is freed afterwards
   */
  @SuppressWarnings("try") // closing the scope frees the matrices; no code names it
  static <T> T decode(
      byte[] bytes, String name, ImageHeader header, int flags, Function<Mat, T> use) {
    Mats.liftMemoryLimit();
    if (header.pixels() > MAX_PIXELS) {
      throw new ImageTooLarge(
          String.format(
              "%s has %d × %d = %d pixels, but at most %d are decoded. Make it smaller first.",
              name, header.width(), header.height(), header.pixels(), MAX_PIXELS));
    }
    OpenCv.load();
    try (PointerScope scope = new PointerScope()) {
      Mat file = new Mat(1, bytes.length, CV_8UC1, new BytePointer(bytes));
      // OpenCV misses the orientation of many WebP files: those whose EXIF block begins with
      // "Exif".
      Mat mat = imdecode(file, flags | IMREAD_IGNORE_ORIENTATION);
      if (mat.empty()) {
        throw broken(name, header, null);
      }
      upright(mat, header.orientation());
      return use.apply(mat);
    } catch (OutOfMemoryError e) {
      throw new ImageTooLarge(
          String.format(
              "%s has %d × %d pixels, which do not fit into the memory that Java may use (%d MiB)."
                  + " Allow more with -Xmx, or make the image smaller.",
              name, header.width(), header.height(), Runtime.getRuntime().maxMemory() >> 20));
    } catch (WhyboxException e) {
      throw e;
    } catch (RuntimeException e) {
      throw broken(name, header, e);
    }
  }

  /** Applies an EXIF orientation. 5 to 8 are 1 to 4 of the transposed picture. */
  private static void upright(Mat mat, int orientation) {
    if (orientation > 4) {
      transpose(mat, mat);
    }
    switch ((orientation - 1) % 4) {
      case 1 -> flip(mat, mat, FLIP_COLUMNS);
      case 2 -> flip(mat, mat, FLIP_BOTH);
      case 3 -> flip(mat, mat, FLIP_ROWS);
      default -> {}
    }
  }

  private static UnreadableImage broken(String name, ImageHeader header, RuntimeException cause) {
    return new UnreadableImage(
        name
            + " begins like a "
            + header.format().getName()
            + " file, but its pixels can't be decoded: it is broken, cut off, or of a kind that"
            + " OpenCV does not know. Save the image anew.",
        cause);
  }

  private static ImageTooLarge tooManyBytes(Path file, String found) {
    return new ImageTooLarge(
        file
            + " must have at most "
            + MAX_BYTES
            + " bytes to be read as an image, but has "
            + found
            + ". Make the image smaller, or save it compressed.");
  }
}
