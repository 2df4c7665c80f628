package org.ternlm.hub;

import java.util.regex.Pattern;

/// A repository at a revision.
///
/// @param repository the repository
/// @param revision a branch, a tag or a commit
public record ModelReference(RepositoryName repository, String revision) {
    /// The branch that is meant where none is named.
    public static final String MAIN = "main";
    private static final Pattern COMMIT = Pattern.compile("[0-9a-f]{40}");

    /// @throws HubException if no revision can have that name
    public ModelReference {
        if (!SafePath.isSafe(revision)) {
            throw new HubException(HubException.Kind.BAD_NAME,
                    "'%s' is no name of a revision".formatted(revision), null);
        }
    }

    /// What `organisation/name` or `organisation/name@revision` means, with or without `hf:` before it.
    ///
    /// @throws HubException if it is no name
    public static ModelReference parse(String text) {
        String plain = text.startsWith("hf:") ? text.substring(3) : text;
        int at = plain.indexOf('@');
        return at < 0
                ? new ModelReference(new RepositoryName(plain), MAIN)
                : new ModelReference(new RepositoryName(plain.substring(0, at)), plain.substring(at + 1));
    }

    /// Whether the revision is a commit, which never changes.
    boolean isCommit() {
        return isCommit(revision);
    }

    static boolean isCommit(String text) {
        return COMMIT.matcher(text).matches();
    }

    @Override
    public String toString() {
        return revision.equals(MAIN) ? repository.text() : repository + "@" + revision;
    }
}
