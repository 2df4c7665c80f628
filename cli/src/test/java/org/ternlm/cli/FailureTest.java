package org.ternlm.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import org.assertj.core.api.Assertions;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.ternlm.command.CommandException;
import org.ternlm.command.OutputClosedException;
import org.ternlm.format.ModelFormatException;

class FailureTest {
    static Stream<Arguments> badInput() {
        return Stream.of(
                arguments(new CommandException("no model"), "no model"),
                arguments(new CommandException("no model", "-m names one"), "no model (-m names one)"),
                arguments(new CommandException("two\nlines\u001b[31m"), "two lines [31m"),
                arguments(ModelFormatException.in(Path.of("m.gguf")).expected("GGUF").found("ZIP").problem(),
                        "m.gguf: expected GGUF, found ZIP"),
                arguments(new IllegalArgumentException("temperature is -1"), "temperature is -1"),
                arguments(new NoSuchFileException("a.gguf"), "no such file or folder: a.gguf"),
                arguments(new AccessDeniedException("a.gguf"), "permission denied: a.gguf"),
                arguments(new FileSystemException("a", null, "Is a directory"), "a: Is a directory"),
                arguments(new FileNotFoundException("a (Is a directory)"), "a (Is a directory)"),
                arguments(new UncheckedIOException(new NoSuchFileException("a")), "no such file or folder: a"),
                arguments(new ExecutionException(new CommandException("no")), "no"),
                arguments(new CompletionException(new CommandException("no")), "no"));
    }

    @ParameterizedTest
    @MethodSource
    void badInput(Throwable problem, String line) {
        assertThat(Failure.of(problem)).isEqualTo(new Failure(2, line));
    }

    static Stream<Arguments> otherFailures() {
        return Stream.of(
                arguments(new NumberFormatException("x"), 1, "unexpected failure: java.lang.NumberFormatException: x"),
                arguments(new IllegalArgumentException(), 1, "unexpected failure: java.lang.IllegalArgumentException"),
                arguments(new IllegalStateException("bug"), 1, "unexpected failure: "),
                arguments(new IOException("disk full"), 1, "input or output failed: disk full"),
                arguments(new OutOfMemoryError("Java heap space"), 1, "out of memory: Java heap space (TERN_JAVA_OPTS"),
                arguments(new StackOverflowError(), 1, "unexpected failure: java.lang.StackOverflowError"),
                arguments(new InterruptedException(), 130, null),
                arguments(new CancellationException(), 130, null),
                arguments(new OutputClosedException(), 141, null),
                arguments(new IOException("Broken pipe"), 141, null));
    }

    @ParameterizedTest
    @MethodSource
    void otherFailures(Throwable problem, int exitCode, @Nullable String start) {
        Failure failure = Failure.of(problem);
        assertThat(failure.exitCode()).isEqualTo(exitCode);
        if (start == null) {
            assertThat(failure.line()).isNull();
        } else {
            assertThat(failure.line()).startsWith(start);
        }
    }

    @Test
    void readingAFolderIsBadInput(@TempDir Path folder) {
        Throwable problem = Assertions.catchThrowable(() -> Files.readString(folder));
        assertThat(Failure.of(problem).exitCode()).isEqualTo(2);
        assertThat(Failure.of(problem).line()).contains("folder");
    }

    @Test
    void theVectorModuleIsLeftAloneWhereItIsPresent() {
        assertThat(VectorModule.isPresent()).isTrue();
        assertThatCode(VectorModule::load).doesNotThrowAnyException();
    }
}
