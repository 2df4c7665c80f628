package org.ternlm.cli;

import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.ternlm.cli.output.Ink;
import org.ternlm.command.Console;
import org.ternlm.command.ExitCode;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.UsageMessageSpec;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.ScopeType;

/// Makes the parser of the arguments. The root is built by calls instead of annotations, which is measurably faster to
/// start; a command may use annotations, since only the one in use is built (see [Verb]).
final class CommandLines {
    private static final int WIDEST_HELP = 100;
    private static final int NARROWEST_HELP = 55;
    private static final List<String> ROOT_HELP = List.of(UsageMessageSpec.SECTION_KEY_HEADER,
            UsageMessageSpec.SECTION_KEY_SYNOPSIS_HEADING, UsageMessageSpec.SECTION_KEY_SYNOPSIS,
            UsageMessageSpec.SECTION_KEY_COMMAND_LIST_HEADING, UsageMessageSpec.SECTION_KEY_COMMAND_LIST,
            UsageMessageSpec.SECTION_KEY_OPTION_LIST_HEADING, UsageMessageSpec.SECTION_KEY_OPTION_LIST,
            UsageMessageSpec.SECTION_KEY_FOOTER_HEADING, UsageMessageSpec.SECTION_KEY_FOOTER);
    private static final String[] EXAMPLES = {
            "tern run \"Once upon a time\"    a story, by the small model that comes with tern",
            "tern tokenize \"Hello\"         the tokens that a model reads",
            "tern doctor                   what this machine can do",
            "tern help run                 how a command is used, with examples"};

    private CommandLines() {}

    /// The parser for these arguments: all commands have their names, the one that they ask for its options too.
    static CommandLine create(String[] args, Console console) {
        CommandLine root = new CommandLine(rootSpec());
        // Before the commands are added, which would take it over.
        root.setHelpSectionKeys(ROOT_HELP);
        String asked = firstWord(args);
        for (Verb verb : Verb.ALL) {
            root.addSubcommand(verb.name(), verb.name().equals(asked) ? full(verb, console) : nameOnly(verb));
        }
        // An argument may be a prompt: it is taken as it stands.
        root.setExpandAtFiles(false);
        root.setOut(new PrintWriter(new OutputStreamWriter(console.out(), StandardCharsets.UTF_8), true));
        root.setUsageHelpWidth(Math.clamp(console.width(), NARROWEST_HELP, WIDEST_HELP));
        root.setColorScheme(CommandLine.Help.defaultColorScheme(ansi(console)));
        root.setExecutionStrategy(CommandLines::execute);
        return root;
    }

    private static CommandSpec rootSpec() {
        CommandSpec root = CommandSpec.create().name("tern");
        root.addOption(OptionSpec.builder("-h", "--help").usageHelp(true).scopeType(ScopeType.INHERIT)
                .description("Shows this help.").build());
        root.addOption(OptionSpec.builder("--verbose").type(boolean.class).arity("0").scopeType(ScopeType.INHERIT)
                .description("Shows where a failure came from.").build());
        root.addOption(OptionSpec.builder("-V", "--version").versionHelp(true)
                .description("Shows the version of tern and of its JDK.").build());
        root.versionProvider(() -> new String[] {Version.line()});
        UsageMessageSpec usage = root.usageMessage();
        usage.sortOptions(false);
        usage.header("tern: 1.58-bit language models on the JVM", "");
        usage.customSynopsis("tern COMMAND [OPTIONS]");
        usage.synopsisHeading("@|bold Usage:|@ ");
        usage.commandListHeading("%n@|bold Commands:|@%n");
        usage.optionListHeading("%n@|bold Options:|@%n");
        usage.footerHeading("%n@|bold Examples:|@%n");
        usage.footer(Arrays.stream(EXAMPLES).map(line -> "  " + line).toArray(String[]::new));
        return root;
    }

    private static CommandLine full(Verb verb, Console console) {
        CommandLine command = new CommandLine(verb.command().apply(console));
        UsageMessageSpec usage = command.getCommandSpec().usageMessage();
        usage.description(verb.summary());
        usage.sortOptions(false);
        usage.synopsisHeading("@|bold Usage:|@ ");
        usage.descriptionHeading("%n");
        usage.parameterListHeading("%n");
        usage.optionListHeading("%n@|bold Options:|@%n");
        usage.footerHeading(usage.footer().length == 0 ? "" : "%n@|bold Examples:|@%n");
        return command;
    }

    private static CommandLine nameOnly(Verb verb) {
        CommandSpec spec = CommandSpec.create();
        spec.usageMessage().description(verb.summary());
        return new CommandLine(spec);
    }

    private static int execute(ParseResult parsed) {
        Integer helpShown = CommandLine.executeHelpRequest(parsed);
        if (helpShown != null) {
            return helpShown;
        }
        if (!parsed.hasSubcommand()) {
            CommandLine root = parsed.commandSpec().commandLine();
            root.usage(root.getOut());
            return ExitCode.OK;
        }
        VectorModule.load();
        return new CommandLine.RunLast().execute(parsed);
    }

    private static @Nullable String firstWord(String[] args) {
        return Arrays.stream(args).filter(arg -> !arg.startsWith("-")).findFirst().orElse(null);
    }

    /// `tern help run` as `tern run --help`: two habits, one way.
    static String[] withoutHelpWord(String[] args) {
        if (args.length == 0 || !args[0].equals("help")) {
            return args;
        }
        if (args.length == 1) {
            return new String[] {"--help"};
        }
        boolean isVerb = Verb.ALL.stream().anyMatch(verb -> verb.name().equals(args[1]));
        return isVerb ? new String[] {args[1], "--help"} : Arrays.copyOfRange(args, 1, args.length);
    }

    private static Ansi ansi(Console console) {
        return Ink.ofOutput(console) == Ink.COLOURED ? Ansi.ON : Ansi.OFF;
    }
}
