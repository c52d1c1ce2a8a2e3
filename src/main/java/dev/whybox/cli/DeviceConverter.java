// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.cli;

import dev.whybox.engine.Device;
import dev.whybox.error.WhyboxException.BadArgument;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads a device: {@code auto}, {@code cpu}, {@code cuda:1}. */
final class DeviceConverter implements ITypeConverter<Device> {
  @Override
  public Device convert(String text) {
    try {
      return Device.parse(text);
    } catch (BadArgument e) {
      throw new TypeConversionException(e.getMessage());
    }
  }
}
