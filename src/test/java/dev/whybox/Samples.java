// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.whybox.image.Box;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The sample scenes: images, masks of the pasted objects, and what they are. */
public final class Samples {
  private static final Path BASE =
      Path.of(System.getProperty("whybox.base", "."), "models").toAbsolutePath().normalize();

  /** The scenes that come with Whybox, or others that {@code models/recipe/scenes.py} made. */
  private static final Path SCENES =
      Path.of(System.getProperty("whybox.scenes", BASE.resolve("samples").toString()));

  /** The bundled model's file. */
  public static final Path MODEL = BASE.resolve("whybox-n.onnx");

  private Samples() {}

  /** One scene. */
  public record Scene(Path image, Path mask, List<Thing> objects) {}

  /** One pasted object; {@code id} is its value in the mask. */
  public record Thing(int id, int classId, Box box) {}

  /** All scenes. */
  public static List<Scene> all() {
    List<Scene> scenes = new ArrayList<>();
    try {
      for (JsonNode scene : new ObjectMapper().readTree(SCENES.resolve("samples.json").toFile())) {
        List<Thing> objects = new ArrayList<>();
        for (JsonNode object : scene.get("objects")) {
          JsonNode b = object.get("box");
          objects.add(
              new Thing(
                  object.get("id").asInt(),
                  object.get("class").asInt(),
                  new Box(
                      (float) b.get(0).asDouble(),
                      (float) b.get(1).asDouble(),
                      (float) b.get(2).asDouble(),
                      (float) b.get(3).asDouble())));
        }
        scenes.add(
            new Scene(
                SCENES.resolve(scene.get("image").asText()),
                SCENES.resolve(scene.get("mask").asText()),
                objects));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return scenes;
  }
}
