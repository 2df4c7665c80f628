package org.ternlm.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ternlm.command.ExitCode;

class ExportCommandTest {
    private static final Path GOLDEN = Path.of(System.getProperty("tern.root", ".."), "testdata/models/golden");

    @TempDir
    Path folder;

    private static String scores(Path model, Path tokens) {
        Run run = Run.tern("score", "-m", model.toString(), "--file", tokens.toString());
        assertThat(run.exitCode()).isEqualTo(ExitCode.OK);
        return run.out();
    }

    @Test
    void thePackedFolderScoresLikeTheMasterWeights() throws IOException {
        Path master = GOLDEN.resolve("bitnet-2b4t-bf16-master");
        Path packed = folder.resolve("packed");
        Run export = Run.tern("export", master.toString(), packed.toString());
        assertThat(export.exitCode()).isEqualTo(ExitCode.OK);
        assertThat(export.out()).isEmpty();
        Path tokens = folder.resolve("tokens.jsonl");
        Files.writeString(tokens, "{\"tokens\": [1020, 897, 818, 258, 529, 51, 257, 992]}\n");
        assertThat(scores(packed, tokens)).isEqualTo(scores(master, tokens));
        assertThat(Files.size(packed.resolve("model.safetensors")))
                .isLessThan(Files.size(master.resolve("model.safetensors")) / 3);
    }

    @Test
    void doesNotWriteOverAModelUnlessToldTo() {
        Path master = GOLDEN.resolve("bitnet-2b4t-bf16-master");
        String packed = folder.resolve("packed").toString();
        Run.tern("export", master.toString(), packed);
        Run again = Run.tern("export", master.toString(), packed);
        assertThat(again.exitCode()).isEqualTo(ExitCode.BAD_INPUT);
        assertThat(again.error()).contains("holds a model already", "--force").hasLineCount(1);
        assertThat(Run.tern("export", "--force", master.toString(), packed).exitCode()).isEqualTo(ExitCode.OK);
    }

    @Test
    void refusesModelsWithoutMasterWeights() {
        Run run = Run.tern("export", GOLDEN.resolve("llama-bf16-spm").toString(), folder.resolve("x").toString());
        assertThat(run.exitCode()).isEqualTo(ExitCode.BAD_INPUT);
        assertThat(run.error()).contains("master weights").hasLineCount(1);
    }
}
