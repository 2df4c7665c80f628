package org.ternlm.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.ternlm.command.ExitCode;

class ConvertCommandTest {
    private static final String STORIES = Run.model("tinystories-ternary-1M");
    private static final String DENSE = Run.model("stories260K-llama-f32");

    @TempDir
    Path folder;

    private Run convert(String in, String out, String... options) {
        String[] args = new String[3 + options.length];
        args[0] = "convert";
        args[1] = in;
        args[2] = folder.resolve(out).toString();
        System.arraycopy(options, 0, args, 3, options.length);
        return Run.tern(args);
    }

    private static String story(Path model) {
        Run run = Run.tern("run", "-m", model.toString(), "-n", "30", "--temperature", "0", "Once upon a time");
        assertThat(run.error()).doesNotContain("tern: ");
        return run.out();
    }

    @Test
    void aFolderBecomesAFileAndAFolderAgain() throws IOException {
        Run there = convert(STORIES, "a.gguf", "--type", "i2_s", "--embedding", "f32");
        assertThat(there.exitCode()).isEqualTo(ExitCode.OK);
        assertThat(there.out()).isEmpty();
        assertThat(there.error()).contains("a.gguf: I2_S, ", "1,179,648 ternary weights are the same, ",
                " numbers within the precision").hasLineCount(1);
        Run back = convert(folder.resolve("a.gguf").toString(), "b");
        assertThat(back.exitCode()).isEqualTo(ExitCode.OK);
        assertThat(story(folder.resolve("a.gguf"))).isEqualTo(story(Path.of(STORIES)));
        assertThat(story(folder.resolve("b"))).isEqualTo(story(Path.of(STORIES)));
        assertThat(Files.list(folder)).hasSize(2);
    }

    @Test
    void showsWhatRoundingDoes() {
        Run run = convert(DENSE, "rounded", "--type", "autobitlinear", "--i-know", "--text", Run.file(
                "../testdata/models/tinystories-ternary-3M/LICENSE").toString());
        assertThat(run.exitCode()).isEqualTo(ExitCode.OK);
        Matcher line = Pattern.compile(
                "perplexity on the first [0-9,]+ tokens of the text: ([0-9.e+]+) before rounding, ([0-9.e+]+) after")
                .matcher(run.error());
        assertThat(line.find()).as(run.error()).isTrue();
        assertThat(Double.parseDouble(line.group(2))).isGreaterThan(2 * Double.parseDouble(line.group(1)));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
            "x.gguf|--type q5_k|--type: expected tq1_0, tq2_0, i2_s, q8_0, q4_0, f16, bf16, f32, found q5_k",
            "x|--type i2_s|--type: expected autobitlinear, bitlinear, int8, bf16, f16, f32, found i2_s",
            "x|--embedding q8_0|--embedding: expected f16, bf16, f32, found q8_0",
            "x|--architecture llama|--architecture is for .gguf files",
            "x|--type f32 --i-know --text y|--i-know needs a ternary --type",
            "x|--type autobitlinear --i-know|--i-know needs --text FILE",
            "x|--type autobitlinear|a model must be trained that way (tern train); rounding destroys it",
            "no/such/folder|--type f32|no folder to write into"})
    void wrongOptionsAreOneLine(String out, String options, String message) {
        Run run = convert(DENSE, out, options.split(" "));
        assertThat(run.exitCode()).isEqualTo(ExitCode.BAD_INPUT);
        assertThat(run.error()).startsWith("tern: ").contains(message).hasLineCount(1);
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void doesNotWriteOverAModelUnlessToldTo() throws IOException {
        Path file = Files.writeString(folder.resolve("old.gguf"), "old");
        assertThat(convert(STORIES, "old.gguf", "--type", "f16").error()).contains("holds a model already", "--force")
                .hasLineCount(1);
        assertThat(file).hasContent("old");
        assertThat(convert(STORIES, "old.gguf", "--type", "f16", "--force").exitCode()).isEqualTo(ExitCode.OK);
        assertThat(Files.size(file)).isGreaterThan(2_000_000);
        Path copy = folder.resolve("old.gguf");
        assertThat(convert(copy.toString(), "old.gguf", "--force").error()).contains("IN and OUT are the same");
    }
}
