package org.ternlm.chat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.ternlm.chat.jinja.JinjaException;
import org.ternlm.chat.jinja.JinjaTemplate;
import org.ternlm.format.JsonFile;
import org.ternlm.format.ModelFormatException;
import org.ternlm.format.gguf.GgufFile;

/// The text of a model's chat template, and where it stands.
///
/// Looked for in this order: `chat_template.jinja` beside the model; `chat_template` in `tokenizer_config.json`, a
/// string or a list of templates with names, of which `default` and `tool_use` count; `tokenizer.chat_template` in the
/// metadata of a GGUF file, with `tokenizer.chat_template.tool_use` beside it.
///
/// @param file where it stands
/// @param place where in the file; empty for the whole
/// @param text the template
/// @param toolText the one for prompts with tools; mostly the same
record TemplateSource(Path file, String place, String text, String toolText) {
    private static final String JINJA = "chat_template.jinja";
    private static final String CONFIGURATION = "tokenizer_config.json";
    private static final String KEY = "chat_template";
    private static final String METADATA = "tokenizer.chat_template";
    private static final String TOOL_USE = "tool_use";
    private static final long LARGEST_TEMPLATE = 1_000_000;
    private static final long LARGEST_CONFIGURATION = 1L << 26;

    /// The template of the model folder or GGUF file, if it has one.
    ///
    /// @throws ModelFormatException if it is damaged
    static Optional<TemplateSource> of(Path model) {
        if (GgufFile.isNamed(model)) {
            Path beside = model.resolveSibling(JINJA);
            return Files.isRegularFile(beside) ? Optional.of(read(beside)) : metadata(model);
        }
        Path beside = model.resolve(JINJA);
        return Files.isRegularFile(beside) ? Optional.of(read(beside)) : configuration(model.resolve(CONFIGURATION));
    }

    private static TemplateSource read(Path file) {
        try {
            if (Files.size(file) > LARGEST_TEMPLATE) {
                throw ModelFormatException.in(file).expected("at most " + LARGEST_TEMPLATE + " bytes")
                        .found(Files.size(file)).problem();
            }
            String text = Files.readString(file);
            return new TemplateSource(file, "", text, text);
        } catch (IOException e) {
            throw ModelFormatException.in(file).expected("a template in UTF-8").found(e.getMessage()).cause(e)
                    .problem();
        }
    }

    private static Optional<TemplateSource> metadata(Path model) {
        try (Arena arena = Arena.ofConfined()) {
            var metadata = GgufFile.open(model, arena).metadata();
            return metadata.optionalText(METADATA).map(text -> new TemplateSource(model, METADATA, text,
                    metadata.optionalText(METADATA + "." + TOOL_USE).orElse(text)));
        }
    }

    private static Optional<TemplateSource> configuration(Path file) {
        if (!Files.isRegularFile(file)) {
            return Optional.empty();
        }
        JsonNode node = JsonFile.read(file, LARGEST_CONFIGURATION).path(KEY);
        if (node.isMissingNode() || node.isNull()) {
            return Optional.empty();
        }
        if (node.isTextual()) {
            return Optional.of(new TemplateSource(file, KEY, node.textValue(), node.textValue()));
        }
        if (!node.isArray()) {
            throw ModelFormatException.in(file).at(KEY).expected("a template, or a list of them").found(node).problem();
        }
        Optional<String> usual = named(file, node, "default");
        Optional<String> tools = named(file, node, TOOL_USE);
        if (usual.isEmpty() && tools.isEmpty()) {
            throw ModelFormatException.in(file).at(KEY).expected("a template named default").found(node).problem();
        }
        return Optional.of(new TemplateSource(file, KEY, usual.or(() -> tools).orElseThrow(),
                tools.or(() -> usual).orElseThrow()));
    }

    private static Optional<String> named(Path file, JsonNode list, String name) {
        for (JsonNode entry : list) {
            if (!entry.path("name").isTextual() || !entry.path("template").isTextual()) {
                throw ModelFormatException.in(file).at(KEY).expected("objects with name and template").found(entry)
                        .problem();
            }
            if (entry.path("name").textValue().equals(name)) {
                return Optional.of(entry.path("template").textValue());
            }
        }
        return Optional.empty();
    }

    /// The one template, parsed.
    ///
    /// @throws ModelFormatException if it is damaged
    JinjaTemplate parse(String template) {
        try {
            return JinjaTemplate.parse(template);
        } catch (JinjaException e) {
            var problem = ModelFormatException.in(file);
            throw (place.isEmpty() ? problem : problem.at(place)).expected("a chat template in Jinja")
                    .found(e.getMessage()).cause(e).problem();
        }
    }

    /// What it is called in messages, which may reach people who are not to know where files lie.
    String name() {
        return "the model's chat template (" + file.getFileName() + (place.isEmpty() ? "" : ", " + place) + ")";
    }
}
