package org.ternlm.it.mutant;

import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/// Compiles the one file that a mutant changes, against the classes of the build.
final class MutantCompiler {
    private MutantCompiler() {}

    private static final class Source extends SimpleJavaFileObject {
        private final String content;

        Source(String name, String content) {
            super(URI.create("string:///" + name), Kind.SOURCE);
            this.content = content;
        }

        @Override
        public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return content;
        }
    }

    /// Writes the classes of `mutant` below `folder`.
    ///
    /// @throws IllegalStateException if they do not compile
    static void compile(Mutant mutant, Path folder) throws IOException {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        DiagnosticCollector<JavaFileObject> problems = new DiagnosticCollector<>();
        List<String> options = List.of("-proc:none", "-implicit:none", "-Xlint:none", "-nowarn", "--add-modules",
                "jdk.incubator.vector", "-d", folder.toString(), "-classpath",
                MutantLoader.CORE + File.pathSeparator + System.getProperty("java.class.path"));
        try (StandardJavaFileManager files = compiler.getStandardFileManager(problems, null, StandardCharsets.UTF_8)) {
            Source source = new Source(mutant.fileName(), mutant.source());
            if (!compiler.getTask(null, files, problems, options, null, List.of(source)).call()) {
                throw new IllegalStateException(mutant + " does not compile: " + problems.getDiagnostics());
            }
        }
    }
}
