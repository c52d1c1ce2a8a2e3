// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.report;

import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.core.util.Separators;

/**
 * The layout of JSON files: objects are indented, arrays of numbers stand on one line, lines end as
 * on Unix.
 */
final class JsonLayout extends DefaultPrettyPrinter {
  private static final long serialVersionUID = 1L;

  JsonLayout() {
    super(Separators.createDefaultInstance().withObjectFieldValueSpacing(Separators.Spacing.AFTER));
    indentObjectsWith(new DefaultIndenter("  ", "\n"));
  }

  private JsonLayout(JsonLayout base) {
    super(base);
  }

  @Override
  public DefaultPrettyPrinter createInstance() {
    return new JsonLayout(this);
  }
}
