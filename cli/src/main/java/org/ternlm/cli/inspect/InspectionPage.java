package org.ternlm.cli.inspect;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.ternlm.cli.output.Ink;
import org.ternlm.cli.output.Visible;
import org.ternlm.command.Unit;
import org.ternlm.kernel.KernelSelection;
import org.ternlm.model.LinearRole;
import org.ternlm.model.ModelConfig;
import org.ternlm.model.MultiplyAccumulates;
import org.ternlm.model.RopeScaling;
import org.ternlm.model.StoredTensor;
import org.ternlm.model.TensorPlace;
import org.ternlm.quant.TritCounts;

/// An [Inspection] for a person.
///
/// @param inspection what was found
/// @param ink colours, or none
/// @param width columns that the page may take
record InspectionPage(Inspection inspection, Ink ink, int width) {
    private static final int NAME = 17;
    private static final int NARROWEST_BAR = 12;
    private static final int WIDEST_BAR = 48;
    /// What stands left and right of a bar.
    private static final int AROUND_BAR = 44;

    void print(PrintStream out, boolean withTensors) {
        shape(out);
        weights(out);
        work(out);
        trits(out);
        memory(out);
        if (withTensors) {
            tensors(out);
        }
        out.flush();
    }

    private void shape(PrintStream out) {
        ModelConfig config = inspection.config();
        heading(out, "model");
        line(out, "path", inspection.path().toString());
        line(out, "architecture", config.architecture() + ", " + String.join(", ", variations(config)));
        line(out, "layers", "%d of width %,d, feed-forward %,d", config.layers(), config.hiddenSize(),
                config.feedForwardSize());
        line(out, "attention", "%d heads of %d, %d of keys and values, context %,d", config.heads(),
                config.headSize(), config.keyValueHeads(), config.contextLength());
        line(out, "rotary", "base %,.0f%s", config.ropeTheta(), scaling(config.ropeScaling()));
        line(out, "linear layers", linearKind(config));
        line(out, "tokenizer", Visible.escaped(inspection.tokenizer()));
    }

    private static List<String> variations(ModelConfig config) {
        List<String> variations = new ArrayList<>();
        variations.add(switch (config.activation()) {
            case SILU -> "SwiGLU";
            case RELU_SQUARED -> "ReLU²";
        });
        if (config.subNorms()) {
            variations.add("sub-norms");
        }
        if (config.headNorms()) {
            variations.add("norms of q and k");
        }
        if (config.inputNorms()) {
            variations.add("norms inside BitLinear");
        }
        if (config.attentionBias() || config.feedForwardBias()) {
            variations.add("biases");
        }
        variations.add(config.tiedHead() ? "the head is the embedding" : "a head of its own");
        return variations;
    }

    private static String scaling(RopeScaling scaling) {
        return switch (scaling) {
            case RopeScaling.None none -> "";
            case RopeScaling.Linear(double factor) -> ", stretched " + factor + " times";
            case RopeScaling.Factors _ -> ", stretched by a factor for each pair";
            case RopeScaling.Llama3 llama3 -> ", stretched " + llama3.factor() + " times as Llama 3.1 does";
        };
    }

    private static String linearKind(ModelConfig config) {
        return switch (config.linearKind()) {
            case DENSE -> "real weights";
            case INT8_ROWS -> "real weights, rounded to int8 with a scale a row";
            case PACKED_MULTIPLY -> "ternary; the stored scale multiplies";
            case PACKED_DIVIDE -> "ternary; the stored scale divides";
            case MASTER_TERNARY -> "master weights, made ternary when loaded (BitNet b1.58)";
            case MASTER_SIGN -> "master weights, made ±1 when loaded (BitNet)";
        };
    }

    private void weights(PrintStream out) {
        heading(out, "weights");
        out.println(ink.faint("  %-15s %18s %8s %10s %10s".formatted("", "number", "share", "in files", "bits each")));
        long all = inspection.weights();
        for (TensorPlace place : TensorPlace.values()) {
            long number = inspection.weights(place);
            long bytes = inspection.bytes(place);
            if (number > 0 || bytes > 0) {
                out.println(weightRow(name(place), number, all, bytes));
            }
        }
        out.println(weightRow("all", all, all, inspection.bytes()));
    }

    private static String weightRow(String name, long number, long all, long bytes) {
        return number == 0
                ? "  %-15s %18s %8s %10s".formatted(name, "", "", Unit.BYTES.amount(bytes))
                : String.format(Locale.ROOT, "  %-15s %,18d %6.1f %% %10s %10.2f", name, number,
                        100.0 * number / all, Unit.BYTES.amount(bytes), 8.0 * bytes / number);
    }

    private static String name(TensorPlace place) {
        return switch (place) {
            case LINEAR -> "linear layers";
            case EMBEDDING -> "embedding";
            case HEAD -> "head";
            case NORM -> "norms";
            case OTHER -> "other";
        };
    }

    private void work(PrintStream out) {
        MultiplyAccumulates work = inspection.work();
        heading(out, "work for one token, at position %,d".formatted(inspection.positions()));
        out.println(ink.faint("  %-15s %18s %8s".formatted("", "products", "share")));
        workRow(out, "linear layers", work.linear(), work);
        workRow(out, "attention", work.attention(), work);
        workRow(out, "head", work.head(), work);
        TritCounts trits = inspection.trits();
        if (trits.total() > 0) {
            line(out, "of the ternary", "%,d additions, %,d subtractions, %,d nothing at all; no multiplication",
                    trits.plus(), trits.minus(), trits.zero());
        }
    }

    private static void workRow(PrintStream out, String name, long products, MultiplyAccumulates all) {
        out.println(String.format(Locale.ROOT, "  %-15s %,18d %6.1f %%", name, products,
                100.0 * products / all.total()));
    }

    private void trits(PrintStream out) {
        TritCounts all = inspection.trits();
        if (all.total() == 0) {
            return;
        }
        TritBar bar = new TritBar(Math.clamp(width - AROUND_BAR, NARROWEST_BAR, WIDEST_BAR), ink);
        heading(out, "ternary weights");
        out.println(ink.faint("  %-8s  %s  %5s %5s %5s   %s".formatted("", " ".repeat(bar.width()), "-1 %", "0 %",
                "+1 %", "entropy")));
        for (int layer = 0; layer < inspection.layers().size(); layer++) {
            tritRow(out, "layer " + layer, inspection.layers().get(layer).sum(), bar);
        }
        out.println();
        for (LinearRole role : LinearRole.values()) {
            tritRow(out, role.name().toLowerCase(Locale.ROOT), inspection.trits(role), bar);
        }
        tritRow(out, "all", all, bar);
    }

    private static void tritRow(PrintStream out, String name, TritCounts counts, TritBar bar) {
        if (counts.total() > 0) {
            out.println(String.format(Locale.ROOT, "  %-8s  %s  %5.1f %5.1f %5.1f   %.3f bits", name, bar.of(counts),
                    100 * counts.share(counts.minus()), 100 * counts.share(counts.zero()),
                    100 * counts.share(counts.plus()), counts.entropy()));
        }
    }

    private void memory(PrintStream out) {
        KernelSelection selection = inspection.selection();
        heading(out, "to run it here");
        line(out, "kernels", selection.vectorBits() == 0
                ? selection.provider()
                : selection.provider() + ", " + selection.vectorBits() + " bits");
        line(out, "weights", "%s%s", Unit.BYTES.amount(inspection.runBytes()), inspection.trits().total() == 0
                ? ""
                : ", the ternary ones repacked as " + inspection.layout());
        line(out, "head", "%s", inspection.head());
        line(out, "keys and values", "%s for %,d positions, as %s",
                Unit.BYTES.amount(inspection.cacheBytes()), inspection.positions(), inspection.form());
        line(out, "together", Unit.BYTES.amount(inspection.runBytes() + inspection.cacheBytes())
                + ", and what Java itself needs");
    }

    private void tensors(PrintStream out) {
        heading(out, "tensors");
        int widest = inspection.tensors().stream().mapToInt(tensor -> tensor.name().length()).max().orElse(0);
        for (StoredTensor tensor : inspection.tensors()) {
            String name = Visible.escaped(tensor.name());
            out.println("  %s%s  %-6s %-16s %10s".formatted(name, " ".repeat(Math.max(0, widest - name.length())),
                    tensor.type(), tensor.shape(), Unit.BYTES.amount(tensor.byteSize())));
        }
    }

    private void heading(PrintStream out, String title) {
        out.println((title.equals("model") ? "" : System.lineSeparator()) + ink.bold(title));
    }

    private static void line(PrintStream out, String name, String format, Object... values) {
        out.println("  " + name + " ".repeat(NAME - name.length())
                + (values.length == 0 ? format : String.format(Locale.ROOT, format, values)));
    }
}
