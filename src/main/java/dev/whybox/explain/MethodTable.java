// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.explain;

import dev.whybox.error.WhyboxException.BadArgument;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * A table of methods. It is immutable: {@link #with} returns a larger table, so a caller can add a
 * method of its own and pass the table to the command line.
 *
 * @param kinds one row per method, with different names; the first is the default
 */
public record MethodTable(List<MethodKind> kinds) {

  /**
   * Checks the names.
   *
   * @param kinds at least one, each name once
   * @throws BadArgument if two have the same name, or if there is none
   */
  public MethodTable {
    kinds = List.copyOf(kinds);
    long names = kinds.stream().map(MethodKind::name).distinct().count();
    if (kinds.isEmpty() || names < kinds.size()) {
      throw new BadArgument(
          "A table of methods needs at least one method, and each name only once; found "
              + kinds.stream().map(MethodKind::name).toList()
              + ".");
    }
  }

  /**
   * The method that is used if none is named.
   *
   * @return the first of the table
   */
  public MethodKind standard() {
    return kinds.get(0);
  }

  /**
   * Finds a method by its name.
   *
   * @param name a name in lower or upper case
   * @return empty if the table has none of that name
   */
  public Optional<MethodKind> find(String name) {
    String wanted = name.strip().toLowerCase(Locale.ROOT);
    return kinds.stream().filter(kind -> kind.name().equals(wanted)).findFirst();
  }

  /**
   * The methods that use a setting.
   *
   * @param option the setting
   * @return in the order of the table
   */
  public List<MethodKind> using(MethodOption option) {
    return kinds.stream().filter(kind -> kind.uses(option)).toList();
  }

  /**
   * The methods of an approach.
   *
   * @param approach how they learn about the model
   * @return in the order of the table
   */
  public List<MethodKind> of(Approach approach) {
    return kinds.stream().filter(kind -> kind.approach() == approach).toList();
  }

  /**
   * Adds a method.
   *
   * @param kind a method whose name the table does not have
   * @return a larger table
   * @throws BadArgument if the table already has the name
   */
  public MethodTable with(MethodKind kind) {
    List<MethodKind> more = new ArrayList<>(kinds);
    more.add(kind);
    return new MethodTable(more);
  }

  /**
   * All names, for messages.
   *
   * @return the names with commas between
   */
  public String names() {
    return kinds.stream().map(MethodKind::name).collect(Collectors.joining(", "));
  }
}
