// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
package dev.whybox;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.domain.JavaType;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import dev.whybox.explain.Method;
import java.io.IOException;
import java.io.InputStream;
import java.lang.module.ModuleDescriptor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The walls between the packages, as docs/architecture.md draws them. */
class ArchitectureTest {
  private static final Path CLASSES = Path.of(System.getProperty("whybox.base"), "target/classes");
  private static final Path SOURCES = Path.of(System.getProperty("whybox.base"), "src/main/java");

  /** From the top floor down; a package uses only packages of lower floors. "" is the hall. */
  private static final List<Set<String>> FLOORS =
      List.of(
          Set.of("cli"),
          Set.of("verify"),
          Set.of(""),
          Set.of("render"),
          Set.of("report"),
          Set.of("dream"),
          Set.of("whitebox", "blackbox"),
          Set.of("gradient"),
          Set.of("evaluate"),
          Set.of("explain"),
          Set.of("inside"),
          Set.of("yolo"),
          Set.of("shapley", "perturb"),
          Set.of("design"),
          Set.of("tensorrt"),
          Set.of("cuda"),
          Set.of("engine"),
          Set.of("graph.gradient"),
          Set.of("graph"),
          Set.of("image"),
          Set.of("random"),
          Set.of("error"));

  /**
   * Public, not exported, and used by no other package of the library, with who needs them. Gone
   * users are found: an entry that the library itself uses, or that is private now, fails too.
   */
  private static final Map<String, String> PUBLIC_FOR =
      Map.ofEntries(
          Map.entry("dev.whybox.cli.Main", "java, which starts it"),
          Map.entry("dev.whybox.cuda.CudaGraph", "bench, and the tests of tensorrt"),
          Map.entry("dev.whybox.cuda.Driver", "tests that put a driver in its place"),
          Map.entry("dev.whybox.evaluate.CpuEvaluator", "bench"),
          Map.entry("dev.whybox.evaluate.CudaEvaluator", "bench"),
          Map.entry(
              "dev.whybox.evaluate.CudaEvaluators", "tests of the hall with the driver's double"),
          Map.entry(
              "dev.whybox.shapley.GamePosterior", "the estimators' results, which blackbox asks"),
          Map.entry("dev.whybox.shapley.GaussLegendre", "bench"),
          Map.entry("dev.whybox.shapley.LinearSurrogate", "bench"),
          Map.entry("dev.whybox.shapley.PriorMean", "bench"),
          Map.entry("dev.whybox.shapley.ProcessFamily", "bench"),
          Map.entry("dev.whybox.shapley.Surrogate", "bench"),
          Map.entry("dev.whybox.shapley.SurrogateFamily", "bench"),
          Map.entry("dev.whybox.verify.GpuCheck", "the command line, in a lambda"));

  private static final JavaClasses LIBRARY = new ClassFileImporter().importPath(CLASSES);

  @Test
  void noPackageCycle() {
    slices().matching("dev.whybox.(**)").should().beFreeOfCycles().check(LIBRARY);
  }

  /** They read the table of methods and the evidence; they do not ask which method it was. */
  @Test
  void renderReportAndCliKnowNoMethod() {
    noClasses()
        .that()
        .resideInAnyPackage("dev.whybox.render..", "dev.whybox.report..", "dev.whybox.cli..")
        .should()
        .dependOnClassesThat(
            describe(
                "are methods",
                other -> other.isAssignableTo(Method.class) && !other.isEquivalentTo(Method.class)))
        .check(LIBRARY);
  }

  @Test
  void eachPackageUsesOnlyLowerFloors() {
    Map<String, Integer> floors = new HashMap<>();
    for (int i = 0; i < FLOORS.size(); i++) {
      for (String name : FLOORS.get(i)) {
        floors.put(name, i);
      }
    }
    Set<String> wrong = new TreeSet<>();
    for (JavaClass from : LIBRARY) {
      for (Dependency each : from.getDirectDependenciesFromSelf()) {
        JavaClass to = each.getTargetClass().getBaseComponentType();
        if (ours(to) && !to.getPackageName().equals(from.getPackageName())) {
          if (floors.get(floor(from)) >= floors.get(floor(to))) {
            wrong.add(from.getName() + " uses " + to.getName());
          }
        }
      }
    }
    assertEquals(Set.of(), wrong);
  }

  @Test
  void whatIsPublicButNotExportedIsUsedByAnotherPackage() throws IOException {
    Set<String> exported = exported();
    Set<String> wrong = new TreeSet<>();
    for (JavaClass each : LIBRARY) {
      if (isPublic(each)
          && each.isTopLevelClass()
          && !exported.contains(each.getPackageName())
          && !usedElsewhere(each)) {
        wrong.add(each.getName());
      }
    }
    assertEquals(PUBLIC_FOR.keySet(), wrong);
  }

  @Test
  void whatIsPublicAndExportedIsApiOrUsedByAnotherPackage() throws IOException {
    Set<String> exported = exported();
    Set<String> api = new TreeSet<>();
    Deque<JavaClass> open = new ArrayDeque<>();
    for (JavaClass each : LIBRARY) {
      // An embedder starts from the hall and from what makes pictures and files of its results.
      if (isPublic(each) && List.of("", "render", "report").contains(floor(each))) {
        open.add(each);
      }
    }
    while (!open.isEmpty()) {
      JavaClass next = open.remove();
      if (ours(next) && isPublic(next) && api.add(next.getName())) {
        named(next).forEach(open::add);
        // Whoever may hand over a Method or catch an exception needs its kinds.
        next.getSubclasses().forEach(open::add);
      }
    }
    Set<String> wrong = new TreeSet<>();
    for (JavaClass each : LIBRARY) {
      if (isPublic(each)
          && exported.contains(each.getPackageName())
          && !api.contains(each.getName())
          && !usedElsewhere(each)) {
        wrong.add(each.getName());
      }
    }
    assertEquals(Set.of(), wrong);
  }

  @Test
  void aLongFileSaysWhy() throws IOException {
    try (Stream<Path> files = Files.walk(SOURCES)) {
      for (Path file : files.filter(f -> f.toString().endsWith(".java")).toList()) {
        List<String> lines = Files.readAllLines(file);
        assertTrue(
            lines.size() <= 500 || lines.stream().anyMatch(l -> l.contains("Long since")),
            file
                + " has "
                + lines.size()
                + " lines; split it, or say at its top \"Long since …\".");
      }
    }
  }

  private static Stream<JavaClass> named(JavaClass each) {
    Stream<JavaType> members =
        Stream.concat(
            each.getCodeUnits().stream()
                .filter(ArchitectureTest::seen)
                .flatMap(
                    m ->
                        Stream.concat(
                            Stream.of(m.getReturnType()), m.getParameterTypes().stream())),
            each.getFields().stream().filter(ArchitectureTest::seen).map(JavaField::getType));
    return Stream.concat(
        members
            .flatMap(t -> t.getAllInvolvedRawTypes().stream())
            .map(JavaClass::getBaseComponentType),
        each.getRawInterfaces().stream());
  }

  private static boolean seen(JavaCodeUnit unit) {
    return unit.getModifiers().contains(JavaModifier.PUBLIC)
        || unit.getModifiers().contains(JavaModifier.PROTECTED);
  }

  private static boolean seen(JavaField field) {
    return field.getModifiers().contains(JavaModifier.PUBLIC);
  }

  /** Nested types are as public as the types around them. */
  private static boolean isPublic(JavaClass each) {
    return each.getModifiers().contains(JavaModifier.PUBLIC)
        && each.getEnclosingClass().map(ArchitectureTest::isPublic).orElse(true);
  }

  private static boolean usedElsewhere(JavaClass each) {
    return LIBRARY.stream()
        .filter(user -> !user.getPackageName().equals(each.getPackageName()))
        .flatMap(user -> user.getDirectDependenciesFromSelf().stream())
        .map(d -> d.getTargetClass().getBaseComponentType())
        .anyMatch(
            used ->
                used.equals(each)
                    || used.getEnclosingClass().filter(e -> e.equals(each)).isPresent());
  }

  private static boolean ours(JavaClass each) {
    return each.getName().startsWith("dev.whybox.");
  }

  private static String floor(JavaClass each) {
    return each.getPackageName().substring("dev.whybox".length()).replaceFirst("^\\.", "");
  }

  private static Set<String> exported() throws IOException {
    try (InputStream in = Files.newInputStream(CLASSES.resolve("module-info.class"))) {
      return ModuleDescriptor.read(in).exports().stream()
          .map(ModuleDescriptor.Exports::source)
          .collect(Collectors.toSet());
    }
  }
}
