package org.ternlm.server;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.ternlm.command.CommandException;
import org.ternlm.server.http.ApiKey;

/// Where a server's API key may come from.
final class ApiKeys {
    static final String VARIABLE = "TERN_API_KEY";

    private ApiKeys() {}

    /// The key that the user gave, or null.
    ///
    /// @throws CommandException if there are two, or it cannot be read or used
    static @Nullable String find(@Nullable String option, @Nullable Path file, Map<String, String> environment) {
        if (option != null && file != null) {
            throw new CommandException("--api-key and --api-key-file: expected one of them");
        }
        if (option != null) {
            return checked("--api-key", option);
        }
        if (file != null) {
            try {
                return checked("--api-key-file " + file, Files.readString(file).strip());
            } catch (IOException e) {
                throw new CommandException("--api-key-file: cannot be read: " + file, null, e);
            }
        }
        String variable = environment.get(VARIABLE);
        return variable == null || variable.isEmpty() ? null : checked(VARIABLE, variable);
    }

    private static String checked(String source, String key) {
        try {
            ApiKey.of(key);
            return key;
        } catch (IllegalArgumentException e) {
            throw new CommandException(source + ": " + e.getMessage(), null, e);
        }
    }
}
