// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0

/**
 * Explains why a YOLO model drew a box. What is exported is the API; see CONTRIBUTING.md.
 *
 * <p>The bindings of TensorRT are optional, since their module descriptor exports a package that is
 * not in the jar, with which no JVM starts; docs/embedding.md says how a GPU is used with modules.
 */
// The automatic modules are third parties': three are named after their files, which are Maven's.
@SuppressWarnings("requires-automatic")
module dev.whybox {
  requires com.fasterxml.jackson.databind;
  requires com.google.protobuf;
  requires com.microsoft.onnxruntime;
  requires ejml.core;
  requires ejml.ddense;
  requires info.picocli;
  requires transitive java.desktop;
  requires me.tongfei.progressbar;
  requires metadata.extractor;
  requires org.bytedeco.opencv;
  requires org.jline.terminal;
  requires org.slf4j;
  requires org.tribuo.util.onnx;
  requires static org.bytedeco.cuda;
  requires static org.bytedeco.tensorrt;

  exports dev.whybox;
  exports dev.whybox.blackbox;
  exports dev.whybox.design;
  exports dev.whybox.dream;
  exports dev.whybox.engine;
  exports dev.whybox.error;
  exports dev.whybox.explain;
  exports dev.whybox.image;
  exports dev.whybox.inside;
  exports dev.whybox.perturb;
  exports dev.whybox.render;
  exports dev.whybox.report;
  exports dev.whybox.whitebox;
  exports dev.whybox.yolo;

  opens dev.whybox.cli to
      info.picocli;
}
