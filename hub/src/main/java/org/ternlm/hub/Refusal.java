package org.ternlm.hub;

import java.io.IOException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/// What an answer means that is not the one that was asked for.
///
/// @param settings whom was asked
/// @param reference for what
/// @param hasToken whether a token was shown
record Refusal(HubSettings settings, ModelReference reference, boolean hasToken) {
    private static final String GATED = "GatedRepo";
    private static final Set<Integer> TEMPORARY = Set.of(408, 425, 429, 500, 502, 503, 504);

    /// The exception for an answer.
    ///
    /// @param what was asked for, for messages: `org/name` or `config.json`
    /// @param fromHub whether the hub itself answered, not a host that it redirects to
    /// @return a failure that may pass
    /// @throws HubException if it will not pass
    IOException of(Answer answer, String what, boolean fromHub) {
        int status = answer.status();
        // An address that a hub redirects to is signed for some time only.
        if (TEMPORARY.contains(status) || !fromHub && status == 403) {
            return new TemporaryFailure("%s answered %d".formatted(answer.address().getHost(), status),
                    retryAfter(answer));
        }
        String code = answer.header("X-Error-Code").orElse("");
        throw switch (status) {
            case 401 -> code.equals(GATED) ? forbidden(code) : unauthorized();
            case 403 -> forbidden(code);
            case 404 -> notFound(code, what);
            default -> new HubException(HubException.Kind.BAD_ANSWER, "%s: %s answered %d%s".formatted(what,
                    answer.address().getHost(), status, answer.header("X-Error-Message").map(said -> ": " + said)
                            .orElse("")),
                    null);
        };
    }

    private HubException unauthorized() {
        RepositoryName repository = reference.repository();
        return hasToken
                ? new HubException(HubException.Kind.REFUSED, repository + ": the hub does not accept the token",
                        "HF_TOKEN or the token file is wrong or has expired; new ones: " + settings.endpoint()
                                + "/settings/tokens")
                : new HubException(HubException.Kind.REFUSED,
                        repository + ": no such repository, or one that wants a token",
                        "check the name; for a private or gated one set HF_TOKEN, see " + settings.page(repository));
    }

    private HubException forbidden(String code) {
        RepositoryName repository = reference.repository();
        String page = settings.page(repository);
        if (code.equals(GATED) || !hasToken) {
            return new HubException(HubException.Kind.REFUSED, repository + " is gated: its licence has to be accepted",
                    "accept it at " + page + (hasToken ? "" : " and set HF_TOKEN"));
        }
        return new HubException(HubException.Kind.REFUSED, repository + ": the token has no access",
                "see " + page + "; a fine-grained token needs the right to read this repository");
    }

    private HubException notFound(String code, String what) {
        String repository = reference.repository().text();
        String message = switch (code) {
            case "RevisionNotFound" -> "%s has no revision '%s'".formatted(repository, reference.revision());
            case "EntryNotFound" -> "%s has no file '%s'".formatted(reference, what);
            case "RepoNotFound" -> "no such repository: " + repository;
            default -> what.equals(repository)
                    ? "no such repository" + (reference.revision().equals(ModelReference.MAIN) ? "" : " or revision")
                            + ": " + reference
                    : "%s has no file '%s'".formatted(reference, what);
        };
        return new HubException(HubException.Kind.NOT_FOUND, message, "looked at " + settings.endpoint());
    }

    /// Seconds, or a date, as RFC 9110 §10.2.3 has it.
    private static Optional<Duration> retryAfter(Answer answer) {
        String value = answer.header("Retry-After").orElse("").strip();
        if (value.matches("\\d{1,9}")) {
            return Optional.of(Duration.ofSeconds(Long.parseLong(value)));
        }
        try {
            Duration until = Duration.between(ZonedDateTime.now(),
                    ZonedDateTime.parse(value, DateTimeFormatter.RFC_1123_DATE_TIME.withLocale(Locale.ROOT)));
            return Optional.of(until.isNegative() ? Duration.ZERO : until);
        } catch (DateTimeException noDate) {
            return Optional.empty();
        }
    }
}
