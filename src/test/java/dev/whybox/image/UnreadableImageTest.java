// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.image;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.whybox.Options;
import dev.whybox.Whybox;
import dev.whybox.error.WhyboxException.ImageTooLarge;
import dev.whybox.error.WhyboxException.MissingLibrary;
import dev.whybox.error.WhyboxException.UnreadableImage;
import dev.whybox.error.WhyboxException.UnreadableModel;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UnreadableImageTest {
  @TempDir Path folder;

  private static BufferedImage noise(int width, int height) {
    BufferedImage picture = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    Random random = new Random(7);
    for (int i = 0; i < width * height; i++) {
      picture.setRGB(i % width, i / width, random.nextInt());
    }
    return picture;
  }

  private static String refusal(byte[] bytes) {
    return assertThrows(UnreadableImage.class, () -> Image.decode(bytes, "x.jpg")).getMessage();
  }

  private static void assertCutOff(byte[] whole, int length) {
    String message = refusal(Arrays.copyOf(whole, length));
    assertTrue(message.contains("cut off"), () -> length + " bytes: " + message);
  }

  @Test
  void aMissingLibraryHasATypeAndNamesTheFolder() {
    MissingLibrary error =
        assertThrows(
            MissingLibrary.class,
            () ->
                OpenCv.load(
                    () -> {
                      throw new ExceptionInInitializerError(new IOException("Read-only"));
                    }));
    assertTrue(error.getMessage().contains("Read-only"), error.getMessage());
    assertTrue(error.getMessage().contains(".javacpp"), error.getMessage());
    assertTrue(error.getMessage().contains("javacpp.cachedir=FOLDER"), error.getMessage());
  }

  @Test
  void aPointerOfGitIsCalledOne() {
    String pointer =
        "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a2146\nsize 12345\n";
    String message = refusal(pointer.getBytes(ISO_8859_1));
    assertTrue(message.contains("Git LFS pointer"), message);
    UnreadableModel model =
        assertThrows(
            UnreadableModel.class,
            () -> Whybox.of(pointer.getBytes(ISO_8859_1), "m.onnx", Options.DEFAULT).close());
    assertTrue(model.getMessage().contains("Git LFS pointer"), model.getMessage());
  }

  @Test
  void aNameThatIsNoTextIsTheReason() {
    Path path = Path.of("caf\uFFFD.jpg");
    String message = assertThrows(UnreadableImage.class, () -> Image.read(path)).getMessage();
    assertTrue(message.contains("rename the file"), message);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void everyPrefixOfAJpegIsRefused(boolean progressive) throws IOException {
    byte[] plain = Encoded.jpeg(noise(33, 17), progressive);
    byte[] thumbnail = Encoded.bytes('E', 'x', 'i', 'f', 0, 0, 0xFF, 0xD8, 0xFF, 0xD9);
    byte[] jpeg = Encoded.withSegment(plain, 0xE1, thumbnail);
    assertEquals(33, Image.decode(jpeg, "").width());
    for (int length = 3; length < jpeg.length; length++) {
      assertCutOff(jpeg, length);
    }
  }

  @Test
  void everyPrefixOfAPngIsRefused() throws IOException {
    byte[] png = Encoded.imageIo(noise(9, 7), "png");
    for (int length = 8; length < png.length; length++) {
      assertCutOff(png, length);
    }
  }

  @Test
  void cutOffWebPIsRefused() {
    byte[] webp = Encoded.openCv(Image.of(noise(20, 20)), ".webp");
    assertCutOff(webp, webp.length / 2);
    assertCutOff(webp, webp.length - 1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"bmp", "gif", "tiff"})
  void otherFormatsCutOffAreRefused(String format) throws IOException {
    byte[] file = Encoded.imageIo(noise(20, 20), format);
    refusal(Arrays.copyOf(file, file.length / 2));
    refusal(Arrays.copyOf(file, 12));
  }

  @Test
  void brokenPixelsAreRefused() throws IOException {
    byte[] png = Encoded.imageIo(noise(20, 20), "png");
    Arrays.fill(png, 60, 90, (byte) 0xAA);
    assertTrue(refusal(png).contains("PNG"));
  }

  @Test
  void bytesThatAreNoImageAreShown() {
    String message = refusal("%PDF-1.7 and so on".getBytes(ISO_8859_1));
    assertTrue(message.contains("25 50 44 46"), message);
    assertTrue(message.contains("%PDF"), message);
    assertTrue(message.contains("JPEG, PNG, WebP, BMP, GIF and TIFF"), message);
    assertTrue(refusal(new byte[] {1}).contains("01"));
    assertTrue(refusal(new byte[0]).contains("empty"));
  }

  @Test
  void randomBytesAfterAnyMagicAreRefused() {
    Random random = new Random(3);
    String[] magics = {"\377\330\377", "\211PNG\r\n\032\n", "GIF89a", "BM", "II*\0", "MM\0*"};
    for (String magic : magics) {
      for (int i = 0; i < 5; i++) {
        byte[] bytes = new byte[200];
        random.nextBytes(bytes);
        System.arraycopy(magic.getBytes(ISO_8859_1), 0, bytes, 0, magic.length());
        assertThrows(
            dev.whybox.error.WhyboxException.class, () -> Image.decode(bytes, "random"), magic);
      }
    }
  }

  @Test
  void missingFilesAndDirectoriesAreRefused() {
    Path missing = folder.resolve("none.png");
    String message = assertThrows(UnreadableImage.class, () -> Image.read(missing)).getMessage();
    assertTrue(message.contains("does not exist") && message.contains("none.png"), message);
    message = assertThrows(UnreadableImage.class, () -> Image.read(folder)).getMessage();
    assertTrue(message.contains("a directory"), message);
  }

  @Test
  void tooManyPixelsAreRefusedBeforeTheyAreDecoded() throws IOException {
    byte[] bomb = Encoded.png(30_000, 30_000, 8, 2, new byte[50_000]);
    String message =
        assertThrows(ImageTooLarge.class, () -> Image.decode(bomb, "bomb.png")).getMessage();
    assertTrue(message.contains("900000000") && message.contains("100000000"), message);
    byte[] negative = Encoded.png(-1, 5, 8, 2, new byte[10]);
    assertTrue(refusal(negative).contains("at least 1"));
  }

  @Test
  void tooManyBytesAreRefusedBeforeTheyAreRead() throws IOException {
    Path file = folder.resolve("huge.png");
    try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
      sparse.setLength(ImageDecoder.MAX_BYTES + 1L);
    }
    String message = assertThrows(ImageTooLarge.class, () -> Image.read(file)).getMessage();
    assertTrue(message.contains("268435457"), message);
  }

  @Test
  void aFileGivesItsNameToTheImage() throws IOException {
    Path file = folder.resolve("a.png");
    Files.write(file, Encoded.imageIo(noise(5, 4), "png"));
    Image image = Image.read(file);
    assertEquals(file.toString(), image.name());
    assertEquals(5, image.width());
  }
}
