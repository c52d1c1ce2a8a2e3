// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox.explain;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/**
 * One row of the table of methods. Command line, help, JSON, captions, caveats and the README's
 * table all read it, so a new method is one class and one line in a {@link MethodTable}.
 *
 * @param name the name on the command line, in files and in JSON, such as {@code shap}
 * @param approach how the method learns about the model
 * @param says the meaning of its map, a clause for the table
 * @param help the same in at most 60 characters, for the help text
 * @param source the paper or papers
 * @param cost the default cost in forward passes, in words
 * @param signed whether values can be negative; a negative value speaks against the target
 * @param unit the unit of the values
 * @param uses the settings that the method uses
 * @param caveats warnings that a reader needs before trusting its map
 * @param maker makes the method from the user's settings
 */
public record MethodKind(
    String name,
    Approach approach,
    String says,
    String help,
    String source,
    String cost,
    boolean signed,
    MapUnit unit,
    Set<MethodOption> uses,
    List<Caveat> caveats,
    Function<MethodSettings, Method> maker) {

  /**
   * Copies the collections.
   *
   * @param name not empty
   * @param approach how the method learns about the model
   * @param says a clause for the table
   * @param help at most 60 characters
   * @param source the paper or papers
   * @param cost in words
   * @param signed whether values can be negative
   * @param unit the unit of the values
   * @param uses the settings that the method uses; may be empty
   * @param caveats may be empty
   * @param maker makes the method
   */
  public MethodKind {
    uses = Set.copyOf(uses);
    caveats = List.copyOf(caveats);
  }

  /**
   * Makes the method with the user's settings.
   *
   * @param settings the settings; the method ignores those that it does not use
   * @return the method
   * @throws dev.whybox.error.WhyboxException.BadArgument if a setting is outside its range
   */
  public Method make(MethodSettings settings) {
    return maker.apply(settings);
  }

  /**
   * Whether the method uses a setting.
   *
   * @param option the setting
   * @return false if the setting changes nothing
   */
  public boolean uses(MethodOption option) {
    return uses.contains(option);
  }

  /**
   * The caveats that apply to an explanation of this kind.
   *
   * @param why the explanation
   * @return one clause per caveat, without a full stop; may be empty
   */
  public List<String> caveatsOf(Explanation why) {
    List<String> found = new ArrayList<>();
    caveats.forEach(caveat -> caveat.of(why).ifPresent(found::add));
    return found;
  }

  /**
   * The method's row in a table in Markdown.
   *
   * @return name, meaning, source and cost
   */
  public String row() {
    return "| `%s` | %s | %s | %s |".formatted(name, says, source, cost);
  }
}
