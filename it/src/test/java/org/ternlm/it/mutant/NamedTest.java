package org.ternlm.it.mutant;

import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.junit.platform.engine.CancellationToken;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherConfig;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherExecutionRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/// One test of `core`, by its name.
///
/// @param type class below `org.ternlm`
/// @param method of that class or one that it extends
record NamedTest(String type, String method) {
    private static final String PATIENCE = "60 s";

    /// What came of a run, which ends with the first failure.
    ///
    /// @param passed tests
    /// @param failures of tests, or of what they need
    record Outcome(int passed, List<Throwable> failures) {}

    static NamedTest of(String name) {
        int hash = name.indexOf('#');
        return new NamedTest(name.substring(0, hash), name.substring(hash + 1));
    }

    @Override
    public String toString() {
        return type + "#" + method;
    }

    /// Runs it with the classes of `loader`.
    Outcome run(MutantLoader loader) throws ClassNotFoundException {
        Listener listener = new Listener();
        Class<?> test = loader.loadClass("org.ternlm." + type);
        LauncherDiscoveryRequest request = LauncherDiscoveryRequestBuilder.request()
                .selectors(DiscoverySelectors.selectMethod(test, find(test)))
                .configurationParameter("junit.jupiter.execution.timeout.testable.method.default", PATIENCE)
                .configurationParameter("junit.jupiter.execution.timeout.thread.mode.default", "SEPARATE_THREAD")
                .build();
        LauncherConfig config = LauncherConfig.builder().enableTestExecutionListenerAutoRegistration(false)
                .enableLauncherSessionListenerAutoRegistration(false)
                .enablePostDiscoveryFilterAutoRegistration(false).build();
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        thread.setContextClassLoader(loader);
        try {
            LauncherFactory.create(config).execute(LauncherExecutionRequestBuilder.request(request)
                    .listeners(listener).cancellationToken(listener.token).build());
        } finally {
            thread.setContextClassLoader(before);
        }
        return new Outcome(listener.passed, listener.failures);
    }

    private Method find(Class<?> test) {
        return Stream.<Class<?>>iterate(test, each -> each != Object.class, Class::getSuperclass)
                .flatMap(each -> Stream.of(each.getDeclaredMethods())).filter(each -> each.getName().equals(method))
                .findFirst().orElseThrow(() -> new IllegalStateException("no test " + this));
    }

    private static final class Listener implements TestExecutionListener {
        private final CancellationToken token = CancellationToken.create();
        private final List<Throwable> failures = Collections.synchronizedList(new ArrayList<>());
        private int passed;

        @Override
        public void executionFinished(TestIdentifier identifier, TestExecutionResult result) {
            if (result.getStatus() == TestExecutionResult.Status.FAILED) {
                failures.add(result.getThrowable().orElseGet(() -> new AssertionError(identifier.getDisplayName())));
                token.cancel();
            } else if (identifier.isTest() && result.getStatus() == TestExecutionResult.Status.SUCCESSFUL) {
                passed++;
            }
        }
    }
}
