package org.ternlm.cli;

import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Function;
import org.ternlm.cli.bench.BenchCommand;
import org.ternlm.cli.convert.ConvertCommand;
import org.ternlm.cli.doctor.DoctorCommand;
import org.ternlm.cli.export.ExportCommand;
import org.ternlm.cli.inspect.InspectCommand;
import org.ternlm.cli.pull.PullCommand;
import org.ternlm.cli.run.RunCommand;
import org.ternlm.cli.score.ScoreCommand;
import org.ternlm.cli.tokenize.TokenizeCommand;
import org.ternlm.cli.verify.VerifyCommand;
import org.ternlm.command.Console;
import org.ternlm.eval.EvalCommand;

/// One of tern's commands, known by name before it is made: only the one that is asked for is constructed and has its
/// annotations read, so that a further command costs the others no time.
///
/// @param name what the user types
/// @param summary what it does, in one line of the list of commands
/// @param command makes it: an object with picocli's annotations, which returns the exit code
record Verb(String name, String summary, Function<Console, Callable<Integer>> command) {
    /// All commands, in the order of the help.
    // A constructor's reference would load the class at every start; of some, a part of the hub with it.
    static final List<Verb> ALL = List.of(
            new Verb("run", "Continues a prompt, and shows the text as it comes.", console -> new RunCommand(console)),
            new Verb("chat", "Talks with a model, in a terminal or from a pipe.",
                    console -> ProvidedCommands.create("chat", console)),
            new Verb("serve", "Serves a model by OpenAI's API, and a page to chat with it.",
                    console -> ProvidedCommands.create("serve", console)),
            new Verb("score", "Tells how likely a model finds given texts, JSON lines in and out.",
                    console -> new ScoreCommand(console)),
            new Verb("eval", "Measures models: tasks with several choices, loss, divergence.",
                    console -> new EvalCommand(console)),
            new Verb("tokenize", "Shows the tokens of a text, or the text of tokens.",
                    console -> new TokenizeCommand(console)),
            new Verb("inspect", "Shows what is inside a model: shape, weights, shares of -1, 0 and +1.",
                    console -> new InspectCommand(console)),
            new Verb("train", "Trains a model from text: BitNet b1.58, BitNet (±1) or LLaMA.",
                    console -> ProvidedCommands.create("train", console)),
            new Verb("compare", "Compares LLaMA, BitNet and BitNet b1.58 of equal shape, and writes a report.",
                    console -> ProvidedCommands.create("compare", console)),
            new Verb("export", "Packs what training leaves: four weights a byte.",
                    console -> new ExportCommand(console)),
            new Verb("convert", "Writes a model in another format: GGUF or a Hugging Face folder.",
                    console -> new ConvertCommand(console)),
            new Verb("pull", "Fetches a model from a hub into the local cache.", console -> new PullCommand(console)),
            new Verb("bench", "Measures prompts and generation, of a model or of random weights.",
                    console -> new BenchCommand(console)),
            new Verb("verify", "Compares known models with what others measured: hash and loss.",
                    console -> new VerifyCommand(console)),
            new Verb("doctor", "Shows what tern finds on this machine, and what would make it faster.",
                    console -> new DoctorCommand(console)));
}
