package org.ternlm.hub;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Where the hub's access token comes from. It is read when the hub is asked, and never shown.
///
/// @param given the value of `HF_TOKEN`, or null
/// @param file where `hf auth login` leaves one
public record AccessToken(@Nullable String given, Path file) {
    /// The token, if there is one.
    ///
    /// @throws HubException if it cannot be read, or holds what no token can
    Optional<String> read() {
        String token = (given == null ? fromFile() : given).strip();
        if (token.isEmpty()) {
            return Optional.empty();
        }
        if (!token.chars().allMatch(c -> c > ' ' && c < 0x7f)) {
            throw new HubException(HubException.Kind.BAD_NAME,
                    (given == null ? file.toString() : "HF_TOKEN") + " holds characters that no token has", null);
        }
        return Optional.of(token);
    }

    private String fromFile() {
        try {
            return Files.isRegularFile(file) ? Files.readString(file) : "";
        } catch (IOException problem) {
            throw new HubException(HubException.Kind.STORAGE, "cannot read the token in " + file,
                    "HF_TOKEN takes one instead", problem);
        }
    }

    @Override
    public String toString() {
        return "AccessToken[" + (given == null ? file : "HF_TOKEN") + "]";
    }
}
