package org.ternlm.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Names of repositories, variables of the environment, patterns, and the files that a model needs.
class NamesTest {
    private static final ModelReference TINY = ModelReference.parse("org/tiny");

    @Test
    void referencesNameRepositoryAndRevision() {
        assertThat(ModelReference.parse("hf:org/name.v1")).isEqualTo(
                new ModelReference(new RepositoryName("org/name.v1"), "main"));
        assertThat(ModelReference.parse("gpt2@refs/pr/1").revision()).isEqualTo("refs/pr/1");
        assertThat(ModelReference.parse("org/name@v1")).hasToString("org/name@v1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "/", "a/b/c", "../x", "a/..", "a--b/c", "-a/b", "a/b.", "a b", "org/näme", "a/b@",
            "a/b@../x", "a/b@/x", "a/b@x//y", "a/b@x:y", "hf:", "org/"})
    void whatIsNoNameIsRefused(String text) {
        assertThatThrownBy(() -> ModelReference.parse(text)).isInstanceOf(HubException.class)
                .hasMessageContaining("is no name of a re");
    }

    @Test
    void variablesAreThoseOfHuggingFace() {
        String home = System.getProperty("user.home");
        assertThat(settings(Map.of()).cache()).isEqualTo(Path.of(home, ".cache/huggingface/hub"));
        assertThat(settings(Map.of()).endpoint()).hasToString("https://huggingface.co");
        assertThat(settings(Map.of("XDG_CACHE_HOME", "/x")).cache()).isEqualTo(path("/x/huggingface/hub"));
        assertThat(settings(Map.of("HF_HOME", "~/hf")).cache()).isEqualTo(Path.of(home, "hf/hub"));
        assertThat(settings(Map.of("HF_HOME", "/h", "HF_HUB_CACHE", "/c")).cache()).isEqualTo(path("/c"));
        assertThat(settings(Map.of("HF_HOME", "/h")).token().file()).isEqualTo(Path.of("/h/token"));
        assertThat(settings(Map.of("HF_ENDPOINT", "http://x:1/y/")).endpoint()).hasToString("http://x:1/y");
        assertThat(settings(Map.of("HF_HUB_OFFLINE", "True")).offline()).isTrue();
        assertThat(settings(Map.of("HF_HUB_OFFLINE", "0")).offline()).isFalse();
        for (String wrong : List.of("huggingface.co", "ftp://x", "https://", "https://u@x", "http://a b")) {
            assertThatThrownBy(() -> settings(Map.of("HF_ENDPOINT", wrong))).isInstanceOf(HubException.class)
                    .hasMessageStartingWith("HF_ENDPOINT: expected an address");
        }
        assertThatThrownBy(() -> settings(Map.of("HF_TOKEN", "a\u0001b")).token().read()).hasMessage(
                "HF_TOKEN holds characters that no token has");
    }

    private static Path path(String text) {
        return Path.of(text).toAbsolutePath();
    }

    private static HubSettings settings(Map<String, String> variables) {
        return HubSettings.of(variables::get);
    }

    @ParameterizedTest
    @CsvSource(textBlock = """
            *.gguf,     a/b.gguf, true
            *.gguf,     b.ggufx,  false
            a?c,        abc,      true
            a.c,        abc,      false
            [ab]x,      bx,       true
            [!ab]x,     bx,       false
            [!a-c]x,    dx,       true
            []]x,       ]x,       true
            [x,         [x,       true
            [^a],       a,        true
            folder/,    folder/x, true
            folder/,    folder,   false
            *Q4*,       xQ4_0,    true
            *q4*,       xQ4_0,    false
            """)
    void globs(String glob, String path, boolean matches) {
        assertThat(Glob.of(glob).matches(path)).isEqualTo(matches);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            config.json model.safetensors tokenizer.json tokenizer_config.json chat_template.jinja README.md | config.json tokenizer.json tokenizer_config.json chat_template.jinja model.safetensors
            config.json model.safetensors consolidated.safetensors pytorch_model.bin model-q.gguf | config.json model.safetensors
            config.json model-00001-of-00002.safetensors model-00002-of-00002.safetensors model.safetensors.index.json consolidated-1.safetensors | config.json model-00001-of-00002.safetensors model-00002-of-00002.safetensors model.safetensors.index.json
            config.json original/model.safetensors model.safetensors onnx/config.json | config.json model.safetensors
            model-q4.gguf README.md | model-q4.gguf
            m-00001-of-00002.gguf m-00002-of-00002.gguf config.json | config.json m-00001-of-00002.gguf m-00002-of-00002.gguf
            """)
    void whatAModelNeeds(String all, String needed) {
        assertThat(FileSelection.NEEDED.choose(TINY, files(all))).extracting(RemoteFile::path).containsExactly(
                needed.split(" "));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            config.json pytorch_model.bin x.pt | org/tiny has its weights in pickles only: pytorch_model.bin, x.pt
            a.gguf b.gguf                      | org/tiny holds 2 GGUF models: a.gguf, b.gguf
            config.json README.md              | org/tiny holds no weights in safetensors or GGUF
            """)
    void whatCannotBeChosen(String all, String line) {
        assertThatThrownBy(() -> FileSelection.NEEDED.choose(TINY, files(all))).isInstanceOf(HubException.class)
                .hasMessage(line);
    }

    @Test
    void patternsDecide() {
        List<RemoteFile> all = files("a.gguf b.gguf pytorch_model.bin");
        assertThat(new FileSelection(List.of("a.*", "*.bin"), List.of()).choose(TINY, all)).extracting(
                RemoteFile::path).containsExactly("a.gguf", "pytorch_model.bin");
        assertThat(new FileSelection(List.of(), List.of("b*")).choose(TINY, all)).extracting(RemoteFile::path)
                .containsExactly("a.gguf");
        assertThatThrownBy(() -> new FileSelection(List.of("*.onnx"), List.of()).choose(TINY, all)).hasMessage(
                "no file of org/tiny matches --include *.onnx");
    }

    private static List<RemoteFile> files(String names) {
        return Arrays.stream(names.strip().split(" ")).map(name -> new RemoteFile(name, 1, new Checksum.Sha256("0"
                .repeat(64)))).toList();
    }
}
