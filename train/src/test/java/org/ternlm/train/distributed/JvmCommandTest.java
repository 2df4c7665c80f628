package org.ternlm.train.distributed;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class JvmCommandTest {
    @Test
    void repeatsTheProgramThatRuns() {
        JvmCommand command = JvmCommand.ofThisProgram(List.of("train", "a b.yaml"));
        assertThat(command.java()).isExecutable();
        assertThat(command.options()).contains("--enable-native-access=ALL-UNNAMED");
        assertThat(command.classPath()).contains("javacpp");
        assertThat(System.getProperty("sun.java.command")).startsWith(command.mainClass());
        assertThat(command.words(List.of("-Dx=y"))).containsSequence("-Dx=y", "-cp").endsWith("train", "a b.yaml");
    }

    @Test
    void canLeaveAnOptionOut() {
        JvmCommand command = new JvmCommand(Path.of("java"), List.of(), "classes", "Main", List.of("train", "--nproc",
                "2", "x.yaml", "--nproc=3", "--nprocess", "--resume"));
        assertThat(command.without("--nproc").arguments()).containsExactly("train", "x.yaml", "--nprocess",
                "--resume");
    }
}
