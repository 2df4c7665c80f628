package org.ternlm.convert;

import java.util.Locale;
import org.ternlm.format.ModelFormatException;
import org.ternlm.format.gguf.GgufType;
import org.ternlm.model.Activation;
import org.ternlm.model.FolderForm;
import org.ternlm.model.GgufModelWriter;
import org.ternlm.model.ModelConfig;
import org.ternlm.model.ModelSource;

/// What a conversion writes, once the model is known.
///
/// @param types of GGUF; of a folder, those that are as precise
/// @param form of a folder; nothing for a file
/// @param name of the linear layers' type, for people
record ConversionPlan(GgufModelWriter.Types types, FolderForm form, String name) {

    /// @throws ModelFormatException if the model cannot become that
    static ConversionPlan of(ModelSource source, Target target, boolean rounds) {
        boolean isTernary = source.config().linearKind().isTernary();
        if (target.isTernary().orElse(isTernary) && !isTernary && !rounds) {
            throw ModelFormatException.in(source.configPath()).expected("ternary weights for a ternary type")
                    .found("real ones")
                    .hint("a model must be trained that way (tern train); rounding destroys it, which "
                            + "--i-know --text FILE shows")
                    .problem();
        }
        if (rounds && isTernary) {
            throw ModelFormatException.in(source.configPath()).expected("real weights, to be rounded")
                    .found("ternary ones").hint("they need no --i-know").problem();
        }
        return switch (target) {
            case Target.Gguf gguf -> ofFile(source, gguf, isTernary || rounds);
            case Target.Folder folder -> ofFolder(source, folder, isTernary || rounds);
        };
    }

    private static ConversionPlan ofFile(ModelSource source, Target.Gguf gguf, boolean ternary) {
        GgufType linears = gguf.linears().orElseGet(() -> ternary ? usual(source.config()) : ownType(source));
        if (ternary && linears == GgufType.Q4_0) {
            throw ModelFormatException.in(source.configPath())
                    .expected("a type in which -1 and +1 are equally far from 0").found(linears)
                    .hint("Q8_0, F16, BF16 and F32 hold ternary weights as numbers").problem();
        }
        boolean plain = linears == GgufType.F32 || linears == GgufType.F16 || linears == GgufType.BF16;
        GgufType embedding = gguf.embedding().orElse(!ternary && plain ? linears : GgufType.F16);
        return new ConversionPlan(new GgufModelWriter.Types(linears, embedding, embedding), FolderForm.F32,
                linears.name());
    }

    private static ConversionPlan ofFolder(ModelSource source, Target.Folder folder, boolean ternary) {
        GgufType own = ownType(source);
        FolderForm form = folder.form().orElseGet(() -> ternary
                ? FolderForm.AUTOBITLINEAR
                : FolderForm.valueOf(own.name()));
        boolean int8 = form == FolderForm.INT8;
        GgufType numbers = form.isPacked() || int8 ? own : GgufType.valueOf(form.name());
        // Scales of packed folders are floats, and so are those of I2_S.
        GgufType linears = form.isPacked() ? GgufType.I2_S : numbers;
        GgufType embedding = folder.embedding().orElse(numbers);
        return new ConversionPlan(new GgufModelWriter.Types(linears, embedding, embedding, int8), form,
                form.name().toLowerCase(Locale.ROOT));
    }

    /// What the programs that know the architecture run: bitnet.cpp has I2_S for ReLU², llama.cpp TQ2_0.
    private static GgufType usual(ModelConfig config) {
        return config.subNorms() && config.activation() == Activation.RELU_SQUARED ? GgufType.I2_S : GgufType.TQ2_0;
    }

    private static GgufType ownType(ModelSource source) {
        return switch (source.embedding().form()) {
            case BF16 -> GgufType.BF16;
            case F16 -> GgufType.F16;
            case F32, I8, Q8_0, Q6_K, Q4_0 -> GgufType.F32;
        };
    }
}
