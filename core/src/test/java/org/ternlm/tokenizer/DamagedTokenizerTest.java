package org.ternlm.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.ternlm.format.ModelFormatException;

/// Whatever is wrong with a file gets one exception that says what and where.
class DamagedTokenizerTest {

    /// A vocabulary of few pieces that is complete by its unknown token.
    private static final String SMALL = """
            {'added_tokens': [{'id': 6, 'content': '<x>', 'special': true}],
             'normalizer': null, 'pre_tokenizer': null, 'post_processor': null, 'decoder': {'type': 'Fuse'},
             'model': {'type': 'BPE', 'unk_token': '?', 'vocab': {'?': 0, 'a': 1, 'b': 2, 'c': 3, 'ab': 4, 'abc': 5},
                       'merges': ['a b', ['ab', 'c']]}}""";

    @TempDir
    Path scratch;

    private Tokenizer load(String tokenizer) throws IOException {
        Files.writeString(scratch.resolve("tokenizer.json"), tokenizer.replace('\'', '"'));
        return Tokenizer.load(scratch);
    }

    /// Two zero bytes at the start make the reader of JSON believe in 32 bits a character.
    @Test
    void otherEncodingsAreRefused() throws IOException {
        byte[] content = new byte[200];
        content[0] = '{';
        Arrays.fill(content, 120, 200, (byte) 0x7b);
        Files.write(scratch.resolve("tokenizer.json"), content);
        assertThatThrownBy(() -> Tokenizer.load(scratch)).isInstanceOf(ModelFormatException.class)
                .hasMessageContaining("tokenizer.json: expected JSON in UTF-8, found Invalid UTF-32 character");
    }

    @Test
    void theUndamagedOneLoads() throws IOException {
        assertThat(load(SMALL).encode("abcab<x>z", false)).containsExactly(5, 4, 6, 0);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '~', quoteCharacter = '`', value = {
            "'BPE' ~ 'Unigram' ~ model.type: expected BPE, found \"Unigram\"", "'BPE' ~ 'WordPiece' ~ model.type",
            "'type': 'BPE' ~ 'type': 7 ~ model.type: expected a string, found 7",
            "'unk_token': '?' ~ 'unk_token': 'nope' ~ model.unk_token: expected a piece",
            "'unk_token': '?' ~ 'unk_token': '<x>' ~ model.unk_token: expected a piece",
            "'unk_token': '?' ~ 'unk_token': null ~ expected a piece for every byte, or an unk_token, found no <0x00>",
            "'unk_token': '?' ~ 'byte_fallback': true ~ a piece for every byte, or an unk_token, found no <0x00>",
            "'unk_token': '?' ~ 'unk_token': '?', 'dropout': 0.1 ~ model.dropout: expected no dropout",
            "'unk_token': '?' ~ 'unk_token': '?', 'continuing_subword_prefix': '##' ~ continuing_subword_prefix",
            "'unk_token': '?' ~ 'unk_token': '?', 'end_of_word_suffix': '</w>' ~ model.end_of_word_suffix",
            "'unk_token': '?' ~ 'unk_token': '?', 'fuse_unk': 'yes' ~ model.fuse_unk: expected true or false",
            "'unk_token': '?' ~ 'unk_token': '?', 'novelty': 1 ~ model.novelty",
            "'b': 2, ~ 'b': 1, ~ expected each id once",
            "'b': 2, ~ 'b': 2, 'b': 7, ~ model.vocab: expected each piece once, found b again",
            "'b': 2 ~ 'b': -1 ~ model.vocab.b: expected an integer", "'b': 2 ~ 'b': 2.5 ~ model.vocab.b",
            "'b': 2 ~ 'b': '2' ~ model.vocab.b: expected an integer", "'b': 2 ~ 'b': null ~ model.vocab.b",
            "'b': 2 ~ 'b': 2147483647 ~ model.vocab.b: expected an integer",
            "'b': 2 ~ 'b': 2147483646 ~ without large gaps for 7 pieces, found the id 2147483646",
            "'b': 2 ~ 'b': 99999999999 ~ model.vocab.b", "'b': 2 ~ 'b': 1e400 ~ model.vocab.b",
            "'b': 2, ~ 'b': 2, '\\ud800': 7, ~ surrogate",
            "['ab', 'c'] ~ ['a', 'b'] ~ model.merges.1: expected each pair once",
            "['ab', 'c'] ~ ['ab', 'q'] ~ model.merges.1: expected pieces of model.vocab, found q",
            "['ab', 'c'] ~ ['b', 'c'] ~ model.merges.1: expected pieces of model.vocab, found bc",
            "['ab', 'c'] ~ ['<x>', 'c'] ~ model.merges.1: expected pieces of model.vocab, found <x>",
            "['ab', 'c'] ~ ['a', ''] ~ merging would not end", "['ab', 'c'] ~ 'a ' ~ merging would not end",
            "['ab', 'c'] ~ 'abc' ~ model.merges.1: expected two pieces, in an array or with one space",
            "['ab', 'c'] ~ 'a b c' ~ model.merges.1: expected two pieces",
            "['ab', 'c'] ~ ['a'] ~ model.merges.1: expected two pieces",
            "['ab', 'c'] ~ ['a', 1] ~ model.merges.1: expected two pieces", "['ab', 'c'] ~ 3 ~ model.merges.1",
            "['a b', ['ab', 'c']] ~ {} ~ model.merges: expected an array",
            "'id': 6 ~ 'id': 5 ~ expected each id once", "'id': 6 ~ 'id': -6 ~ added_tokens.0.id: expected an integer",
            "'id': 6 ~ 'id': 2000000000 ~ without large gaps",
            "'content': '<x>' ~ 'content': '' ~ added_tokens.0.content",
            "'content': '<x>' ~ 'content': 'a' ~ added_tokens.0.id: expected 1, the id of a",
            "'content': '<x>' ~ 'content': '\\udc00' ~ an unpaired surrogate", "'special' ~ 'specail' ~ specail",
            "[{'id': 6 ~ [{'id': 7, 'content': '<x>'}, {'id': 6 ~ a token that was not added before",
            "[{'id': 6, 'content': '<x>', 'special': true}] ~ 5 ~ added_tokens: expected an array",
            "'normalizer': null ~ 'normalizer': {'type': 'Precompiled'} ~ normalizer.type",
            "'normalizer': null ~ 'normalizer': 5 ~ normalizer: expected an object",
            "'normalizer': null ~ 'normalizer': {'type': 'Sequence', 'normalizers': [{'type': 'Nmt'}]} ~ normalizer",
            "'normalizer': null ~ 'normalizer': {'type': 'Replace', 'pattern': {}, 'content': ''} ~ either String or Regex",
            "'normalizer': null ~ 'normalizer': {'type': 'Replace', 'pattern': {'String': ''}, 'content': ''} ~ not empty",
            "'normalizer': null ~ 'normalizer': {'type': 'Prepend'} ~ normalizer.prepend: expected a string, found nothing",
            "'pre_tokenizer': null ~ 'pre_tokenizer': {'type': 'BertPreTokenizer'} ~ pre_tokenizer.type",
            "'pre_tokenizer': null ~ 'pre_tokenizer': {'type': 'Split', 'pattern': {'Regex': '('}, 'behavior': 'Isolated'} ~ regular expression",
            "'pre_tokenizer': null ~ 'pre_tokenizer': {'type': 'Split', 'pattern': {'Regex': '\\\\bx'}, 'behavior': 'Isolated'} ~ not supported: \\b",
            "'pre_tokenizer': null ~ 'pre_tokenizer': {'type': 'Split', 'pattern': {'String': 'x'}, 'behavior': 'Sideways'} ~ Contiguous",
            "'pre_tokenizer': null ~ 'pre_tokenizer': {'type': 'Split', 'pattern': {'String': 'x'}} ~ pre_tokenizer.behavior",
            "'pre_tokenizer': null ~ 'pre_tokenizer': {'type': 'Metaspace', 'replacement': '__'} ~ a single character",
            "'pre_tokenizer': null ~ 'pre_tokenizer': {'type': 'Metaspace', 'replacement': '_', 'prepend_scheme': 'last'} ~ always, first or never",
            "'pre_tokenizer': null ~ 'pre_tokenizer': {'type': 'Metaspace', 'replacement': '_', 'prepend_scheme': 'first', 'add_prefix_space': false} ~ never",
            "'post_processor': null ~ 'post_processor': {'type': 'BertProcessing'} ~ post_processor.type",
            "'post_processor': null ~ 'post_processor': {'type': 'TemplateProcessing', 'single': []} ~ sequence A, once",
            "'post_processor': null ~ 'post_processor': {'type': 'TemplateProcessing', 'single': [{'Sequence': {'id': 'B'}}]} ~ sequence A",
            "'post_processor': null ~ 'post_processor': {'type': 'TemplateProcessing', 'single': [{'Sequence': {'id': 'A'}}, {'SpecialToken': {'id': 'x'}}], 'special_tokens': {}} ~ special_tokens.x",
            "'post_processor': null ~ 'post_processor': {'type': 'TemplateProcessing', 'single': [{'Sequence': {'id': 'A'}}, {'SpecialToken': {'id': 'x'}}], 'special_tokens': {'x': {'ids': [77]}}} ~ an id of the vocabulary, found 77",
            "{'type': 'Fuse'} ~ null ~ decoder: expected a decoder",
            "{'type': 'Fuse'} ~ {'type': 'CTC'} ~ decoder.type",
            "{'type': 'Fuse'} ~ {'type': 'Strip', 'content': ' ', 'start': 0, 'stop': 1} ~ decoder.stop: expected 0",
            "{'type': 'Fuse'} ~ {'type': 'Sequence', 'decoders': [{'type': 'Fuse'}, {'type': 'ByteFallback'}]} ~ nothing but Strip",
            "'model': ~ 'modell': ~ model: expected an object", "'vocab': ~ 'vocabulary': ~ model",
            "{'?': 0, 'a': 1, 'b': 2, 'c': 3, 'ab': 4, 'abc': 5} ~ [] ~ model.vocab: expected an object",
            "'merges': ['a b', ['ab', 'c']]}} ~ 'merges': [ ~ expected JSON",
            "]}} ~ ]}} {} ~ expected JSON, found more behind its end",
            "'normalizer': null ~ 'normalizer': null, 'normalizer': null ~ normalizer: expected each name once",
            "'type': 'BPE' ~ 'type': 'BPE', 'type': 'BPE' ~ model.type: expected each name once",
            "'merges': ~ 'merges': [], 'merges': ~ model.merges: expected each name once, found merges again"})
    void isRefusedByName(String sound, String damage, String message) {
        assertThat(SMALL).contains(sound);
        assertThatThrownBy(() -> load(SMALL.replace(sound, damage))).isInstanceOf(ModelFormatException.class)
                .hasMessageContaining("tokenizer.json").hasMessageContaining(message);
    }

    @Test
    void missesByteSymbols() throws IOException {
        Path folder = TestFolders.variant(TestFolders.BYTE_LEVEL, scratch, json -> {
            ((ObjectNode) json.at("/model/vocab")).remove("\u0120");
            ((ObjectNode) json.get("model")).putArray("merges");
        });
        assertThatThrownBy(() -> Tokenizer.load(folder)).isInstanceOf(ModelFormatException.class)
                .hasMessageContaining("a piece for every byte, or an unk_token, found no \u0120");
    }

    @Test
    void missesByteTokens() throws IOException {
        Path folder = TestFolders.variant(TestFolders.STORIES, scratch, json -> {
            ((ObjectNode) json.at("/model/vocab")).remove("<0x0A>");
            ((ObjectNode) json.get("model")).putNull("unk_token");
        });
        assertThatThrownBy(() -> Tokenizer.load(folder)).isInstanceOf(ModelFormatException.class)
                .hasMessageContaining("found no <0x0A>");
    }

    @Test
    void isMissing() {
        assertThatThrownBy(() -> Tokenizer.load(scratch)).isInstanceOf(ModelFormatException.class)
                .hasMessageContaining("tokenizer.json: expected a tokenizer, found no such file");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '~', quoteCharacter = '`', value = {"[] ~ a JSON object", "`` ~ a JSON object", "nul ~ JSON",
            "{'bos_token': 5} ~ bos_token: expected a string", "{'bos_token': '<q>'} ~ bos_token: expected a piece",
            "{'eos_token': {'text': 'a'}} ~ eos_token.content: expected a string, found nothing",
            "{'bos_token': '<x>', 'add_bos_token': 'yes'} ~ add_bos_token: expected true or false",
            "{'add_bos_token': true} ~ add_bos_token: expected bos_token, to be added, found none",
            "{'add_eos_token': true, 'eos_token': null} ~ add_eos_token: expected eos_token, to be added"})
    void itsConfigurationIsRefused(String configuration, String message) throws IOException {
        Files.writeString(scratch.resolve("tokenizer_config.json"), configuration.replace('\'', '"'));
        assertThatThrownBy(() -> load(SMALL)).isInstanceOf(ModelFormatException.class)
                .hasMessageContaining("tokenizer_config.json").hasMessageContaining(message);
    }

    /// Random bytes in place of one, or a file cut short: loads, or is refused; nothing else.
    @Test
    void neverFailsInAnotherWay() throws IOException {
        long seed = 20_261_122;
        Random random = new Random(seed);
        byte[] sound = SMALL.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < 8_000; i++) {
            byte[] damaged = sound.clone();
            for (int k = random.nextInt(3); k >= 0; k--) {
                damaged[random.nextInt(damaged.length)] = random.nextBoolean()
                        ? (byte) random.nextInt()
                        : sound[random.nextInt(sound.length)];
            }
            Files.write(scratch.resolve("tokenizer.json"), damaged);
            try {
                Tokenizer.load(scratch).encode("abcab<x>z", true);
            } catch (ModelFormatException e) {
                assertThat(e.getMessage()).as("seed %d, round %d", seed, i).doesNotContain("\n");
            }
        }
    }
}
