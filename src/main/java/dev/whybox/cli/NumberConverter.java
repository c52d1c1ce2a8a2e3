// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.cli;

import java.util.function.Function;
import picocli.CommandLine;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * Reads numbers, with messages for people who do not program.
 *
 * @param kind the kind of number, in words
 * @param parser reads the text; it throws if the text is not such a number
 */
record NumberConverter<T extends Number>(String kind, Function<String, T> parser)
    implements ITypeConverter<T> {
  private static final String WHOLE = "a whole number";

  /** Replaces picocli's converters, in subcommands too. */
  static void register(CommandLine line) {
    var whole = new NumberConverter<>(WHOLE, Integer::valueOf);
    var large = new NumberConverter<>(WHOLE, Long::valueOf);
    var decimal = new NumberConverter<>("a number", Float::valueOf);
    var precise = new NumberConverter<>("a number", Double::valueOf);
    line.registerConverter(Integer.class, whole).registerConverter(int.class, whole);
    line.registerConverter(Long.class, large).registerConverter(long.class, large);
    line.registerConverter(Double.class, precise).registerConverter(double.class, precise);
    line.registerConverter(Float.class, decimal).registerConverter(float.class, decimal);
  }

  @Override
  public T convert(String text) {
    try {
      return parser.apply(text);
    } catch (NumberFormatException e) {
      boolean large = text.matches("[+-]?\\d+");
      throw new TypeConversionException(
          "it must be " + kind + (large ? ", and not so large" : "") + "; found '" + text + "'");
    }
  }
}
