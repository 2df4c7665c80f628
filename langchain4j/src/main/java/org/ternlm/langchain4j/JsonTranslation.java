package org.ternlm.langchain4j;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.internal.JsonSchemaElementUtils;
import dev.langchain4j.model.chat.request.ResponseFormat;
import dev.langchain4j.model.chat.request.ResponseFormatType;
import dev.langchain4j.model.chat.request.json.JsonObjectSchema;
import dev.langchain4j.model.chat.request.json.JsonSchemaElement;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.ternlm.chat.Tool;
import org.ternlm.chat.schema.JsonGrammar;

/// LangChain4j's schemas and tools as Tern's.
final class JsonTranslation {
    private static final JsonMapper MAPPER = new JsonMapper();

    private JsonTranslation() {}

    static List<Tool> tools(List<ToolSpecification> specifications) {
        return specifications.stream().map(JsonTranslation::tool).toList();
    }

    private static Tool tool(ToolSpecification specification) {
        JsonObjectSchema parameters = specification.parameters();
        String description = specification.description();
        return new Tool(specification.name(), description == null ? "" : description,
                schema(parameters == null ? JsonObjectSchema.builder().build() : parameters));
    }

    /// What an answer has to look like, or null where it is free.
    ///
    /// @throws org.ternlm.chat.schema.UnsupportedSchemaException if answers cannot be held to the schema
    static @Nullable JsonGrammar grammar(@Nullable ResponseFormat format) {
        if (format == null || format.type() != ResponseFormatType.JSON) {
            return null;
        }
        return format.jsonSchema() == null
                ? JsonGrammar.anyObject()
                : JsonGrammar.of(schema(format.jsonSchema().rootElement()));
    }

    private static JsonNode schema(JsonSchemaElement element) {
        return MAPPER.valueToTree(JsonSchemaElementUtils.toMap(element));
    }
}
