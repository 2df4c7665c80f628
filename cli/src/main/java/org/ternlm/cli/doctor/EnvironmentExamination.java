package org.ternlm.cli.doctor;

import java.util.ArrayList;
import java.util.List;
import org.ternlm.cli.VectorModule;
import org.ternlm.cli.Version;
import org.ternlm.command.Unit;

/// The JVM and the machine as the JVM sees it.
final class EnvironmentExamination implements Examination {
    private static final int JDK = 25;

    @Override
    public String title() {
        return "environment";
    }

    @Override
    public List<Finding> findings() {
        List<Finding> findings = new ArrayList<>();
        findings.add(Finding.fine("tern", Version.number()));
        findings.add(jdk());
        findings.add(vectorModule());
        findings.add(aotCache());
        findings.add(Finding.fine("platform", "%s %s, %s".formatted(System.getProperty("os.name"),
                System.getProperty("os.version"), System.getProperty("os.arch"))));
        findings.add(Finding.fine("processors", Integer.toString(Runtime.getRuntime().availableProcessors())));
        findings.add(Finding.fine("largest heap", Unit.BYTES.amount(Runtime.getRuntime().maxMemory())));
        findings.addAll(LinuxLimits.ofThisMachine().findings());
        return List.copyOf(findings);
    }

    private static Finding jdk() {
        String value = "%s, %s %s".formatted(Runtime.version(), System.getProperty("java.vendor"),
                System.getProperty("java.vm.name"));
        return Runtime.version().feature() == JDK
                ? Finding.fine("JDK", value)
                : new Finding("JDK", value, "tern is built for JDK 25 and tested on nothing else");
    }

    private static Finding vectorModule() {
        return VectorModule.isPresent()
                ? Finding.fine("vector API", "present")
                : new Finding("vector API", "absent: kernels are scalar",
                        "TERN_JAVA_OPTS='--add-modules jdk.incubator.vector' adds it");
    }

    /// The JVM does not say which archive it uses, only that it shares one; where the launcher's cache does not fit, it
    /// shares none.
    private static Finding aotCache() {
        boolean given = System.getProperty("tern.aot") != null;
        boolean sharing = System.getProperty("java.vm.info", "").contains("sharing");
        if (given && sharing) {
            return Finding.fine("AOT cache", "in use");
        }
        return new Finding("AOT cache", given ? "refused by the JVM" : "not in use",
                given ? "it was made with other JVM options: starts are slower with these" : "./tern makes one");
    }
}
