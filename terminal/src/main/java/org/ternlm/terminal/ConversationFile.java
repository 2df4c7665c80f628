package org.ternlm.terminal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.ternlm.chat.Message;
import org.ternlm.chat.Role;
import org.ternlm.command.CommandException;
import org.ternlm.format.AtomicFile;
import org.ternlm.format.JsonFile;
import org.ternlm.format.ModelFormatException;

/// Conversations as files: `{"model": …, "messages": [{"role": …, "content": …}, …]}`, as OpenAI's API writes messages.
final class ConversationFile {
    private static final JsonMapper JSON = new JsonMapper();
    private static final long LARGEST = 1L << 26;

    private ConversationFile() {}

    /// Writes a conversation, for its owner's eyes only. Another conversation is overwritten, another kind of file is not.
    ///
    /// @param model what it was with
    /// @throws CommandException if there is a file that is no conversation
    /// @throws IOException if it cannot be written
    static void save(Path file, String model, List<Message> messages) throws IOException {
        if (Files.exists(file)) {
            refuseOtherFile(file);
        }
        ObjectNode root = JSON.createObjectNode().put("model", model);
        ArrayNode list = root.putArray("messages");
        for (Message message : messages) {
            list.addObject().put("role", message.role().word()).put("content", message.content());
        }
        AtomicFile.write(file, aside -> {
            StateFolder.setPermissions(aside, "rw-------");
            Files.writeString(aside, JSON.writerWithDefaultPrettyPrinter().writeValueAsString(root) + "\n");
        });
    }

    private static void refuseOtherFile(Path file) {
        try {
            load(file);
        } catch (ModelFormatException other) {
            throw new CommandException(file + ": is there already, and is no conversation", "choose another name",
                    other);
        }
    }

    /// The messages of a file: perhaps the system's, then those of user and assistant in turns.
    ///
    /// @throws ModelFormatException if it is no conversation
    static List<Message> load(Path file) {
        JsonNode list = JsonFile.read(file, LARGEST).path("messages");
        if (!list.isArray()) {
            throw ModelFormatException.in(file).at("messages").expected("a list of messages")
                    .found(list.isMissingNode() ? "nothing" : list).problem();
        }
        List<Message> messages = new ArrayList<>();
        Role before = Role.ASSISTANT;
        for (JsonNode node : list) {
            Message message = message(file, "messages." + messages.size(), node);
            boolean inTurn = message.role() == Role.SYSTEM
                    ? messages.isEmpty()
                    : message.role() == (before == Role.USER ? Role.ASSISTANT : Role.USER);
            if (!inTurn) {
                throw ModelFormatException.in(file).at("messages." + messages.size())
                        .expected("user and assistant in turns").found(message.role().word()).problem();
            }
            before = message.role();
            messages.add(message);
        }
        return messages;
    }

    private static Message message(Path file, String place, JsonNode node) {
        JsonNode role = node.path("role");
        JsonNode content = node.path("content");
        if (!List.of("system", "user", "assistant").contains(role.asText()) || !content.isTextual()) {
            throw ModelFormatException.in(file).at(place)
                    .expected("role (system, user or assistant) and content (a text)").found(node).problem();
        }
        return new Message(Role.valueOf(role.textValue().toUpperCase(Locale.ROOT)), content.textValue(), List.of(),
                null, null);
    }
}
