package io.colla.launcher.doctor;

import io.colla.launcher.Nearest;
import io.colla.launcher.config.Option;
import io.colla.launcher.config.Options;
import io.colla.launcher.config.SettingsLoader;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** This JVM and how it was started. */
final class JavaChecks {
    private static final String ARCHIVE_FLAG = "-XX:SharedArchiveFile=";
    /** Variables that are read by others than the table of options. */
    private static final List<String> OTHER_VARIABLES = List.of(
            "COLLA_JAVA",
            "COLLA_JVM_OPTS",
            "COLLA_CONFIG",
            "COLLA_SITE_CONFIG",
            "COLLA_HOME",
            "COLLA_NODE",
            "COLLA_GATEWAY",
            "COLLA_TESTCLUSTER");

    private final SettingsLoader loader;

    JavaChecks(SettingsLoader loader) {
        this.loader = loader;
    }

    List<Check> all() {
        List<Check> checks = new ArrayList<>(List.of(java(), archive(), nativeAccess()));
        checks.addAll(variables());
        return checks;
    }

    private static Check java() {
        String vm = System.getProperty("java.vm.name", "");
        String finding = "Java " + System.getProperty("java.version") + " from " + System.getProperty("java.vendor")
                + ", " + vm + ", in " + System.getProperty("java.home");
        if (Runtime.version().feature() < 17) {
            return Check.fail(finding, "Use Java 17 or newer: set JAVA_HOME.");
        }
        return vm.contains("OpenJ9")
                ? Check.warn(finding, "Colla is tested on HotSpot JVMs; use one of those if something odd happens.")
                : Check.ok(finding);
    }

    /** The flag is there only when bin/colla found an archive; that the JVM did map it shows in its own property. */
    private Check archive() {
        Optional<String> flag = ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(argument -> argument.startsWith(ARCHIVE_FLAG))
                .findFirst();
        boolean sharing = System.getProperty("java.vm.info", "").contains("sharing");
        if (flag.isPresent() && sharing) {
            return Check.ok("class data are shared from " + flag.get().substring(ARCHIVE_FLAG.length()));
        }
        Path tool =
                loader.install() == null ? Path.of("libexec") : loader.install().resolve("libexec");
        String advice =
                "The next 'colla run' makes one; whoever installs Colla can call " + tool.resolve("make-archive") + ".";
        return flag.isPresent()
                ? Check.warn(
                        "the archive of class data does not fit this JVM, so that every start takes longer", advice)
                : Check.warn("no archive of class data for this Java, so that every start takes longer", advice);
    }

    private static Check nativeAccess() {
        try {
            Class.forName("com.sun.jna.Native");
            return Check.ok("JNA works: tasks can be bound to cores");
        } catch (ClassNotFoundException | LinkageError e) {
            Path tmp = Path.of(System.getProperty("java.io.tmpdir", "/tmp"));
            return Check.warn(
                    "JNA cannot load its library: " + e.getMessage(),
                    "If " + tmp + " is mounted noexec" + (Files.isWritable(tmp) ? "" : " or cannot be written")
                            + ", set COLLA_JVM_OPTS=-Djna.tmpdir=DIR to a folder that allows programs.");
        }
    }

    /** A variable with a slip in its name would be ignored in silence. */
    private List<Check> variables() {
        List<String> known = new ArrayList<>(OTHER_VARIABLES);
        for (Option<?> option : Options.ALL) {
            known.add(option.variable());
        }
        List<Check> checks = new ArrayList<>();
        loader.environment().keySet().stream()
                .filter(name -> name.startsWith("COLLA_") && !known.contains(name))
                .sorted()
                .forEach(name -> checks.add(Check.warn(
                        "the variable " + name + " means nothing to Colla",
                        Nearest.to(name, known)
                                .map(near -> "Use " + near + ", or unset it.")
                                .orElse("Unset it."))));
        return checks;
    }
}
