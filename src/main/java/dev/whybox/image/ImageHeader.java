// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.image;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import com.drew.imaging.FileType;
import com.drew.imaging.ImageMetadataReader;
import com.drew.imaging.ImageProcessingException;
import com.drew.lang.ByteArrayReader;
import com.drew.metadata.Directory;
import com.drew.metadata.Metadata;
import com.drew.metadata.bmp.BmpHeaderDirectory;
import com.drew.metadata.exif.ExifIFD0Directory;
import com.drew.metadata.exif.ExifReader;
import com.drew.metadata.gif.GifHeaderDirectory;
import com.drew.metadata.webp.WebpDirectory;
import dev.whybox.error.WhyboxException;
import dev.whybox.error.WhyboxException.UnreadableImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.HexFormat;

/**
 * The header of an image file, read without decoding a pixel.
 *
 * @param format the format
 * @param width width of the stored picture in pixels, at least 1
 * @param height height of the stored picture in pixels, at least 1
 * @param orientation the EXIF orientation, 1 to 8: how to turn the stored picture upright
 */
record ImageHeader(FileType format, int width, int height, int orientation) {
  static final String FORMATS = "JPEG, PNG, WebP, BMP, GIF and TIFF";
  private static final int MAGIC_BYTES = 12;
  private static final int SHOWN_BYTES = 8;
  private static final int UPRIGHT = 1;

  static ImageHeader of(byte[] bytes, String name) {
    if (bytes.length == 0) {
      throw new UnreadableImage(
          name + " is empty (0 bytes). Whybox reads " + FORMATS + ". Give it such a file.");
    }
    ImageHeader header;
    try {
      FileType format = format(bytes);
      header =
          switch (format) {
            case Jpeg -> JpegMarkers.header(bytes, name);
            case Png -> PngChunks.header(bytes, name);
            case WebP -> {
              checkRiff(bytes, name);
              yield read(
                  bytes,
                  format,
                  WebpDirectory.class,
                  WebpDirectory.TAG_IMAGE_WIDTH,
                  WebpDirectory.TAG_IMAGE_HEIGHT);
            }
            case Bmp ->
                read(
                    bytes,
                    format,
                    BmpHeaderDirectory.class,
                    BmpHeaderDirectory.TAG_IMAGE_WIDTH,
                    BmpHeaderDirectory.TAG_IMAGE_HEIGHT);
            case Gif ->
                read(
                    bytes,
                    format,
                    GifHeaderDirectory.class,
                    GifHeaderDirectory.TAG_IMAGE_WIDTH,
                    GifHeaderDirectory.TAG_IMAGE_HEIGHT);
            case Tiff ->
                read(
                    bytes,
                    format,
                    ExifIFD0Directory.class,
                    ExifIFD0Directory.TAG_IMAGE_WIDTH,
                    ExifIFD0Directory.TAG_IMAGE_HEIGHT);
            default -> throw unknown(bytes, name);
          };
    } catch (WhyboxException e) {
      throw e;
    } catch (ImageProcessingException | IOException | RuntimeException e) {
      throw new UnreadableImage(name + " has a header that can't be read. Save the image anew.", e);
    }
    if (header.width < 1 || header.height < 1) {
      throw new UnreadableImage(
          name
              + " must be at least 1 × 1 pixel, but its header says "
              + header.width
              + " × "
              + header.height
              + ". Save the image anew.");
    }
    return header;
  }

  long pixels() {
    return (long) width * height;
  }

  static UnreadableImage cutOff(String name, int found) {
    return new UnreadableImage(
        name
            + " is cut off: the image goes on after the file's last byte ("
            + found
            + " bytes found). Copy or download it again.");
  }

  /** Reads the orientation from a block of EXIF data; upright if it has none. */
  static int orientation(byte[] exif) {
    Metadata metadata = new Metadata();
    new ExifReader().extract(new ByteArrayReader(exif), metadata);
    return orientation(metadata);
  }

  private static int orientation(Metadata metadata) {
    for (Directory exif : metadata.getDirectoriesOfType(ExifIFD0Directory.class)) {
      Integer value = exif.getInteger(ExifIFD0Directory.TAG_ORIENTATION);
      if (value != null && value >= 1 && value <= 8) {
        return value;
      }
    }
    return UPRIGHT;
  }

  /**
   * Finds the format by the first bytes. The library's own detector mistakes a plain TIFF for a
   * camera's raw file.
   */
  private static FileType format(byte[] bytes) {
    String start = new String(bytes, 0, Math.min(MAGIC_BYTES, bytes.length), ISO_8859_1);
    if (start.startsWith("\u00FF\u00D8\u00FF")) {
      return FileType.Jpeg;
    }
    if (start.startsWith("\u0089PNG\r\n\u001A\n")) {
      return FileType.Png;
    }
    if (start.startsWith("RIFF") && start.endsWith("WEBP")) {
      return FileType.WebP;
    }
    if (start.startsWith("BM")) {
      return FileType.Bmp;
    }
    if (start.startsWith("GIF87a") || start.startsWith("GIF89a")) {
      return FileType.Gif;
    }
    if (start.startsWith("II*\0") || start.startsWith("MM\0*")) {
      return FileType.Tiff;
    }
    return FileType.Unknown;
  }

  private static ImageHeader read(
      byte[] bytes, FileType format, Class<? extends Directory> kind, int widthTag, int heightTag)
      throws ImageProcessingException, IOException {
    Metadata metadata =
        ImageMetadataReader.readMetadata(new ByteArrayInputStream(bytes), bytes.length, format);
    Directory directory = metadata.getFirstDirectoryOfType(kind);
    Integer width = directory == null ? null : directory.getInteger(widthTag);
    Integer height = directory == null ? null : directory.getInteger(heightTag);
    if (width == null || height == null) {
      throw new ImageProcessingException("no width and height");
    }
    // A BMP stored from the top row down has a negative height.
    // OpenCV always turns a TIFF upright itself.
    int orientation = format == FileType.Tiff ? UPRIGHT : orientation(metadata);
    return new ImageHeader(format, width, Math.abs(height), orientation);
  }

  private static void checkRiff(byte[] bytes, String name) {
    long size = 0;
    for (int i = 7; i >= 4; i--) {
      size = size << 8 | bytes[i] & 0xFF;
    }
    if (size + 8 > bytes.length) {
      throw cutOff(name, bytes.length);
    }
  }

  private static UnreadableImage unknown(byte[] bytes, String name) {
    int shown = Math.min(SHOWN_BYTES, bytes.length);
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < shown; i++) {
      text.append(bytes[i] >= ' ' && bytes[i] < 127 ? (char) bytes[i] : '.');
    }
    return new UnreadableImage(
        name
            + " is no image that Whybox reads, which are "
            + FORMATS
            + ". It begins with the bytes "
            + HexFormat.ofDelimiter(" ").formatHex(bytes, 0, shown)
            + " (\""
            + text
            + "\"). Convert it first.");
  }
}
