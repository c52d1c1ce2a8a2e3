// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.cli;

import dev.whybox.Whybox;
import dev.whybox.image.Image;
import dev.whybox.inside.FeatureMaps;
import dev.whybox.inside.Kernels;
import dev.whybox.render.FeatureSheet;
import dev.whybox.render.KernelSheet;
import dev.whybox.render.Png;
import dev.whybox.report.InsideReport;
import dev.whybox.report.InsideReport.KernelFiles;
import dev.whybox.report.OutputDirectory;
import dev.whybox.yolo.Detection;
import dev.whybox.yolo.Target;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code whybox features}. */
@Command(
    name = "features",
    description =
        "Shows the feature maps of a layer, sorted by their contribution to a target: gradient"
            + " of the target's logit x activation, summed over the layer's positions (like"
            + " HiResCAM, but per channel).",
    sortOptions = false,
    footer = {
      "%nFiles, for an image IMAGE.jpg and the target with number K; 64 channels per page:",
      "  DIR/IMAGE.features.LAYER.K.png   the maps; several pages have .1, .2 ... before .png",
      "  DIR/IMAGE.features.LAYER.K.json  contributions (schema whybox-features/1)",
      "  DIR/IMAGE.kernels.NAME.png       with --kernels: the kernels of each convolution",
      "%nExamples:",
      "  whybox features street.jpg --model yolov8n.onnx --layer model.15",
      "  whybox features street.jpg --model yolov8n.onnx --layer model.0 --kernels --target 2"
    })
final class FeaturesCommand extends ImagesCommand {
  @Option(
      names = {"-t", "--target"},
      order = 1,
      paramLabel = "TARGET",
      defaultValue = "best",
      converter = TargetChoice.Converter.class,
      description =
          "The target that the channels contribute to: best, all, a number from the table of"
              + " detections, or x1,y1,x2,y2,class. May be given several times. Default:"
              + " ${DEFAULT-VALUE}.")
  private List<TargetChoice> targets;

  @Option(
      names = "--layer",
      order = 2,
      paramLabel = "NAME",
      defaultValue = "",
      description =
          "A layer such as model.15, or a tensor; whybox inspect lists them. Default: the layer"
              + " that the target's head reads; for --kernels the first layer.")
  private String layer;

  @Option(
      names = "--kernels",
      order = 3,
      description = "Also draw the kernels of the layer's convolutions.")
  private boolean withKernels;

  @Mixin private OutOption out;

  private OutputDirectory directory;

  FeaturesCommand(Console console) {
    super(console);
  }

  @Override
  public Integer call() {
    directory = OutputDirectory.at(out.folder());
    return all().code();
  }

  @Override
  void each(Whybox whybox, Image image, String stem) {
    List<Kernels> convolutions = withKernels ? whybox.kernels(layer) : List.of();
    List<Detection> detections = detections(whybox, image);
    List<Target> chosen = targets(whybox, image, detections, targets);
    List<KernelFiles> kernels = null;
    int asked = detections.size();
    for (Target target : chosen) {
      FeatureMaps maps = whybox.features(image, target, layer);
      // The folder is opened late, when it is certain that there is something to write.
      kernels = kernels == null ? kernels(convolutions, stem) : kernels;
      int number =
          target instanceof Target.Found found ? detections.indexOf(found.detection()) : asked++;
      String name = "%s.features.%s.%d".formatted(stem, plain(maps.layer()), number);
      List<String> pages = pages(name, FeatureSheet.of(maps));
      byte[] json = InsideReport.of(maps, number, pages, kernels).getBytes(StandardCharsets.UTF_8);
      console.say("wrote " + directory.write(name + ".json", json));
      console.print(summary(number, maps));
    }
  }

  private List<KernelFiles> kernels(List<Kernels> convolutions, String stem) {
    List<KernelFiles> files = new ArrayList<>();
    for (Kernels each : convolutions) {
      String name = stem + ".kernels." + plain(each.name());
      files.add(new KernelFiles(each, pages(name, KernelSheet.of(each))));
    }
    return files;
  }

  private List<String> pages(String name, List<Image> pages) {
    List<String> written = new ArrayList<>();
    for (int i = 0; i < pages.size(); i++) {
      String file = pages.size() == 1 ? name + ".png" : name + "." + (i + 1) + ".png";
      console.say("wrote " + directory.write(file, Png.encode(pages.get(i))));
      written.add(file);
    }
    return written;
  }

  /** Turns a tensor's name into a part of a file's name. */
  private static String plain(String name) {
    return name.replaceAll("^/+", "").replaceAll("[^A-Za-z0-9._-]", "_");
  }

  private static String summary(int number, FeatureMaps maps) {
    StringBuilder line = new StringBuilder();
    line.append(
        "target %d  %s  logit %s  %s: %d channels sum to %s; most"
            .formatted(
                number,
                maps.model().names().get(maps.target().classId()),
                Texts.score(maps.logit()),
                maps.layer(),
                maps.channels(),
                Texts.number(maps.sum())));
    maps.order().stream()
        .limit(5)
        .forEach(
            channel ->
                line.append("  #")
                    .append(channel)
                    .append(' ')
                    .append(Texts.number(maps.contributions()[channel])));
    return line.toString();
  }
}
