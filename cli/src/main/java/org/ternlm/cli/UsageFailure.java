package org.ternlm.cli;

import java.util.Set;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/// Says what is wrong with the arguments, and what was probably meant.
final class UsageFailure {
    private UsageFailure() {}

    /// The line for arguments that picocli could not take.
    static Failure of(ParameterException problem) {
        CommandSpec command = problem.getCommandLine().getCommandSpec();
        String hint = "see " + command.qualifiedName(" ") + " --help";
        return Failure.badInput(Failure.withHint(message(problem, command), hint));
    }

    private static String message(ParameterException problem, CommandSpec command) {
        if (problem instanceof UnmatchedArgumentException unmatched && !unmatched.getUnmatched().isEmpty()) {
            String first = unmatched.getUnmatched().getFirst();
            String kind = kind(unmatched, command);
            return "unknown " + kind + " '" + first + "'" + guess(first, kind, command);
        }
        String message = String.valueOf(problem.getMessage());
        return Character.toLowerCase(message.charAt(0)) + message.substring(1);
    }

    private static String kind(UnmatchedArgumentException problem, CommandSpec command) {
        if (problem.isUnknownOption()) {
            return "option";
        }
        return command.subcommands().isEmpty() ? "argument" : "command";
    }

    private static String guess(String typed, String kind, CommandSpec command) {
        Set<String> known = switch (kind) {
            case "option" -> command.optionsMap().keySet();
            case "command" -> command.subcommands().keySet();
            default -> Set.of();
        };
        String word = kind.equals("option") ? typed.split("=", 2)[0] : typed;
        return Spelling.nearest(word, known).map(near -> ", did you mean " + near + "?").orElse("");
    }
}
