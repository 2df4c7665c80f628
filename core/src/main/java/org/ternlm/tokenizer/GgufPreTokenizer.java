package org.ternlm.tokenizer;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// How a byte-level vocabulary in GGUF cuts a text: `tokenizer.ggml.pre` names the expressions, which stand in no file.
///
/// Source of names and expressions: llama.cpp, `src/llama-vocab.cpp`; `falcon_e` is ik_llama.cpp's.
enum GgufPreTokenizer {
    /// What the format's readers do where no name is given.
    DEFAULT(List.of("default"), false, false, "[\\p{P}\\$\\+<=>\\^~\\|]+", PreTokenizerReader.GPT2, "\\p{N}+",
            "[0-9][0-9][0-9]"),
    /// GPT-2's expression.
    GPT2(List.of("gpt-2"), false, false, PreTokenizerReader.GPT2),
    /// Llama 3's expression; BOS stands before a text, and a piece of the vocabulary is not taken apart.
    LLAMA3(List.of("llama-bpe", "llama3", "llama-v3", "falcon3", "falcon_e"), true, true, TokenizerPlan.LLAMA3_PATTERN),
    /// Llama 3's expression, nothing else of it.
    LLAMA3_MERGED(List.of("smaug-bpe", "dbrx"), false, false, TokenizerPlan.LLAMA3_PATTERN),
    /// Llama 3's expression, but each digit on its own.
    QWEN2(List.of("qwen2", "deepseek-r1-qwen"), false, false, TokenizerPlan.LLAMA3_PATTERN.replace("{1,3}", ""));

    private final List<String> names;
    private final boolean addsBos;
    private final boolean keepsPieces;
    private final List<String> expressions;

    GgufPreTokenizer(List<String> names, boolean addsBos, boolean keepsPieces, String... expressions) {
        this.names = names;
        this.addsBos = addsBos;
        this.keepsPieces = keepsPieces;
        this.expressions = List.of(expressions);
    }

    /// The one of that name, empty for an unknown name.
    static Optional<GgufPreTokenizer> named(String name) {
        return Arrays.stream(values()).filter(pre -> pre.names.contains(name)).findFirst();
    }

    /// All names, sorted.
    static List<String> allNames() {
        return Arrays.stream(values()).flatMap(pre -> pre.names.stream()).sorted().toList();
    }

    /// The one that does `steps`, and keeps pieces or does not; empty if there is none.
    static Optional<GgufPreTokenizer> doing(List<PreTokenizer> steps, boolean keepsPieces) {
        return Arrays.stream(values()).filter(pre -> pre.keepsPieces == keepsPieces)
                .filter(pre -> pre.steps().toString().equals(steps.toString())).findFirst();
    }

    /// The name that most files have.
    String usualName() {
        return names.getFirst();
    }

    /// The expressions at whose matches a text is cut, one after the other.
    List<String> expressions() {
        return expressions;
    }

    /// Whether BOS stands before a text unless the file says otherwise.
    boolean addsBos() {
        return addsBos;
    }

    /// Whether a piece that the vocabulary has is not split and merged at all.
    boolean keepsPieces() {
        return keepsPieces;
    }

    /// The splits, one after the other, and the bytes spelt.
    List<PreTokenizer> steps() {
        List<PreTokenizer> steps = new ArrayList<>();
        for (String expression : expressions) {
            Finder pattern = new Finder.Expression(OnigurumaPattern.compile(expression));
            steps.add(new PreTokenizer.Split(pattern, SplitBehavior.ISOLATED, false));
        }
        steps.add(new PreTokenizer.SpellBytes());
        return steps;
    }
}
