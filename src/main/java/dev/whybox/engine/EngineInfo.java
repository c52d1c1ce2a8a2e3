// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.engine;

/**
 * What produced a number: part of every result.
 *
 * @param name the engine, such as {@code onnxruntime}
 * @param version the engine's version
 * @param device where it ran, such as {@code cpu}
 * @param precision the arithmetic, such as {@code fp32}
 */
public record EngineInfo(String name, String version, String device, String precision) {}
