package org.ternlm.tokenizer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What `tokenizer.json` can ask for, one setting at a time, against the library that defines the format.
class OracleVariantTest {
    private static final int TEXTS = 300;
    private static final String SPELL = "{'type': 'ByteLevel', 'add_prefix_space': false, 'use_regex': false, "
            + "'trim_offsets': true}";

    @TempDir
    Path scratch;

    private void compare(Path base, Consumer<ObjectNode> change) throws IOException {
        OracleComparison.compare(TestFolders.variant(base, scratch, change), TEXTS);
    }

    static Stream<String> splits() {
        String[] patterns = {"{'String': ' '}", "{'String': '\u2581'}", "{'Regex': '\\\\s+'}", "{'Regex': '\\\\p{N}'}",
                "{'Regex': '[a-z]'}", "{'Regex': '\\\\s+|[A-Z]+'}"};
        String[] behaviors = {"Isolated", "Removed", "MergedWithPrevious", "MergedWithNext", "Contiguous"};
        return Stream.of(patterns).flatMap(pattern -> Stream.of(behaviors).flatMap(behavior -> Stream.of(true, false)
                .map(invert -> "{'type': 'Split', 'pattern': %s, 'behavior': '%s', 'invert': %s}".formatted(pattern,
                        behavior, invert))));
    }

    @ParameterizedTest
    @MethodSource("splits")
    @ValueSource(strings = {"{'type': 'Digits', 'individual_digits': true}",
            "{'type': 'Digits', 'individual_digits': false}", "{'type': 'Punctuation', 'behavior': 'Isolated'}",
            "{'type': 'Punctuation', 'behavior': 'Contiguous'}", "{'type': 'Punctuation', 'behavior': 'Removed'}",
            "{'type': 'Punctuation'}", "{'type': 'Whitespace'}", "{'type': 'WhitespaceSplit'}",
            "{'type': 'Sequence', 'pretokenizers': [{'type': 'Digits', 'individual_digits': true}]}"})
    void splitsAsTheReferenceDoes(String splitter) throws IOException {
        compare(TestFolders.BYTE_LEVEL, json -> json.set("pre_tokenizer", TestFolders
                .json("{'type': 'Sequence', 'pretokenizers': [%s, %s]}".formatted(splitter, SPELL))));
    }

    @ParameterizedTest
    @ValueSource(strings = {SPELL, "{'type': 'ByteLevel', 'add_prefix_space': true, 'trim_offsets': true}",
            "{'type': 'ByteLevel', 'add_prefix_space': true, 'trim_offsets': true, 'use_regex': false}",
            "{'type': 'Sequence', 'pretokenizers': [{'type': 'Punctuation', 'behavior': 'Contiguous'}, {'type': "
                    + "'ByteLevel', 'add_prefix_space': false, 'trim_offsets': true, 'use_regex': true}, {'type': "
                    + "'Digits', 'individual_digits': false}, {'type': 'Split', 'pattern': {'Regex': "
                    + "'[0-9][0-9][0-9]'}, 'behavior': 'Isolated', 'invert': false}]}",
            "{'type': 'Sequence', 'pretokenizers': [{'type': 'WhitespaceSplit'}, {'type': 'ByteLevel', "
                    + "'add_prefix_space': true, 'trim_offsets': true, 'use_regex': true}]}"})
    void spellsBytesAsTheReferenceDoes(String preTokenizer) throws IOException {
        compare(TestFolders.BYTE_LEVEL, json -> json.set("pre_tokenizer", TestFolders.json(preTokenizer)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"{'type': 'NFC'}", "{'type': 'NFD'}", "{'type': 'NFKC'}", "{'type': 'NFKD'}",
            "{'type': 'Lowercase'}", "{'type': 'Strip', 'strip_left': true, 'strip_right': false}",
            "{'type': 'Strip', 'strip_left': false, 'strip_right': true}", "{'type': 'Prepend', 'prepend': 'x y'}",
            "{'type': 'Replace', 'pattern': {'Regex': ' {2,}'}, 'content': '$1 \\\\\\\\'}",
            "{'type': 'Replace', 'pattern': {'String': 'a'}, 'content': ''}",
            "{'type': 'Sequence', 'normalizers': [{'type': 'NFD'}, {'type': 'Lowercase'}, {'type': 'Strip', "
                    + "'strip_left': true, 'strip_right': true}, {'type': 'Prepend', 'prepend': '_'}]}",
            "{'type': 'Sequence', 'normalizers': []}"})
    void normalizesAsTheReferenceDoes(String normalizer) throws IOException {
        compare(TestFolders.BYTE_LEVEL, json -> {
            json.set("normalizer", TestFolders.json(normalizer));
            addTokens(json, "[N]", "'normalized': true");
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"'prepend_scheme': 'always', 'split': true", "'prepend_scheme': 'first', 'split': true",
            "'prepend_scheme': 'never', 'split': true", "'prepend_scheme': 'always', 'split': false",
            "'prepend_scheme': 'first', 'split': false", "'prepend_scheme': 'never', 'split': false",
            "'add_prefix_space': true, 'prepend_scheme': 'first', 'split': false"})
    void marksSpacesAsTheReferenceDoes(String settings) throws IOException {
        String metaspace = "{'type': 'Metaspace', 'replacement': '\u2581', %s}".formatted(settings);
        String[] normalizers = {"null", "{'type': 'Strip', 'strip_left': true, 'strip_right': false}",
                "{'type': 'Sequence', 'normalizers': [{'type': 'Strip', 'strip_left': true, 'strip_right': true}, "
                        + "{'type': 'Prepend', 'prepend': 'T'}]}",
                "{'type': 'Replace', 'pattern': {'String': 'a'}, 'content': ''}"};
        for (String normalizer : normalizers) {
            compare(TestFolders.STORIES, json -> {
                json.set("normalizer", TestFolders.json(normalizer));
                json.set("pre_tokenizer", TestFolders.json(metaspace));
                json.set("decoder", TestFolders.json(metaspace));
            });
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"'lstrip': true", "'rstrip': true", "'lstrip': true, 'rstrip': true",
            "'single_word': true", "'single_word': true, 'lstrip': true, 'rstrip': true", "'special': true",
            "'normalized': true", "'normalized': true, 'special': true", "'normalized': true, 'rstrip': true",
            "'normalized': true, 'single_word': true"})
    void findsAddedTokensAsTheReferenceDoes(String settings) throws IOException {
        for (Path base : new Path[] {TestFolders.BYTE_LEVEL, TestFolders.STORIES}) {
            compare(base, json -> {
                for (String content : new String[] {"[T]", "[L]", "[W]", "[W][W]", "the", " ", "\u4E2D", "\u00E9",
                        "<|"}) {
                    addTokens(json, content, settings);
                }
            });
        }
    }

    private static void addTokens(ObjectNode json, String content, String settings) {
        ArrayNode tokens = (ArrayNode) json.get("added_tokens");
        int free = json.at("/model/vocab").size();
        for (JsonNode token : tokens) {
            free = Math.max(free, token.get("id").asInt() + 1);
        }
        int id = json.at("/model/vocab").path(content).asInt(free);
        ObjectNode token = tokens.addObject().put("id", id).put("content", content);
        for (String flag : new String[] {"single_word", "lstrip", "rstrip", "normalized", "special"}) {
            token.put(flag, false);
        }
        token.setAll((ObjectNode) TestFolders.json("{" + settings + "}"));
    }

    @ParameterizedTest
    @CsvSource({"true, true, true", "true, false, true", "false, true, true", "false, false, true",
            "false, true, false", "false, false, false", "true, true, false"})
    void encodesUnknownCharactersAsTheReferenceDoes(boolean fallback, boolean fuse, boolean wholePieces)
            throws IOException {
        compare(TestFolders.STORIES, json -> {
            ObjectNode model = (ObjectNode) json.get("model");
            model.put("byte_fallback", fallback).put("fuse_unk", fuse).put("ignore_merges", wholePieces);
            // Incomplete byte fallback: what bytes cannot spell is unknown.
            ((ObjectNode) model.get("vocab")).remove("<0xE4>");
            ((ObjectNode) model.get("vocab")).put("<0xe4>", 231);
            json.set("pre_tokenizer", TestFolders.json("{'type': 'Split', 'pattern': {'Regex': '\u2581[a-z]*'}, "
                    + "'behavior': 'Isolated', 'invert': false}"));
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"{'type': 'Sequence', 'decoders': [{'type': 'ByteFallback'}]}",
            "{'type': 'Sequence', 'decoders': [{'type': 'Strip', 'content': '\u2581', 'start': 1, 'stop': 0}]}",
            "{'type': 'Sequence', 'decoders': [{'type': 'ByteFallback'}, {'type': 'Metaspace', 'replacement': "
                    + "'\u2581', 'prepend_scheme': 'always', 'split': true}, {'type': 'Fuse'}]}",
            "{'type': 'Sequence', 'decoders': [{'type': 'Replace', 'pattern': {'Regex': '[aeiou]+'}, 'content': "
                    + "'$0'}, {'type': 'Fuse'}, {'type': 'Strip', 'content': '$', 'start': 3, 'stop': 0}]}",
            "{'type': 'Metaspace', 'replacement': '\u2581', 'prepend_scheme': 'first', 'split': false}",
            "{'type': 'ByteFallback'}", "{'type': 'Fuse'}",
            "{'type': 'Replace', 'pattern': {'String': 'e'}, 'content': ''}"})
    void decodesAsTheReferenceDoes(String decoder) throws IOException {
        compare(TestFolders.STORIES, json -> json.set("decoder", TestFolders.json(decoder)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"{'type': 'ByteLevel', 'add_prefix_space': true, 'trim_offsets': true}",
            "{'type': 'TemplateProcessing', 'single': [{'SpecialToken': {'id': 'A', 'type_id': 0}}, {'Sequence': "
                    + "{'id': 'A', 'type_id': 0}}, {'SpecialToken': {'id': 'B', 'type_id': 0}}], 'pair': "
                    + "[{'Sequence': {'id': 'A', 'type_id': 0}}, {'Sequence': {'id': 'B', 'type_id': 0}}], "
                    + "'special_tokens': {'A': {'id': 'A', 'ids': [1, 5], 'tokens': ['x', 'y']}, 'B': {'id': 'B', "
                    + "'ids': [2], 'tokens': ['z']}}}"})
    void addsSpecialTokensAsTheReferenceDoes(String processor) throws IOException {
        compare(TestFolders.STORIES, json -> json.set("post_processor", TestFolders.json(processor)));
        compare(TestFolders.STORIES,
                json -> json.set("post_processor", TestFolders.json("{'type': 'Sequence', 'processors': [{'type': "
                        + "'ByteLevel', 'add_prefix_space': true, 'trim_offsets': false}, %s]}".formatted(processor))));
    }
}
