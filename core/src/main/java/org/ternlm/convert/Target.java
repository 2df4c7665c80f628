package org.ternlm.convert;

import java.util.Optional;
import org.ternlm.format.gguf.GgufType;
import org.ternlm.model.FolderForm;

/// What a model is to be written as. What is left open depends on the model.
public sealed interface Target {

    /// The type of embedding and head; without one, that of the model or, beside ternary weights in GGUF, F16.
    Optional<GgufType> embedding();

    /// Whether the linear layers are to be stored as ternary codes; empty where that depends on the model.
    Optional<Boolean> isTernary();

    /// A GGUF file.
    ///
    /// @param linears the type of the linear layers
    /// @param architecture what the file shall call it
    record Gguf(Optional<GgufType> linears, Optional<GgufType> embedding, Optional<String> architecture)
            implements
                Target {
        @Override
        public Optional<Boolean> isTernary() {
            return linears.map(type -> switch (type) {
                case TQ1_0, TQ2_0, I2_S, IQ1_BN, IQ2_BN, IQ2_BN_R4, Q1_0, Q2_0 -> true;
                case F32, F16, BF16, Q4_0, Q8_0, Q6_K -> false;
            });
        }
    }

    /// A Hugging Face folder.
    ///
    /// @param form of the linear layers
    record Folder(Optional<FolderForm> form, Optional<GgufType> embedding) implements Target {
        @Override
        public Optional<Boolean> isTernary() {
            return form.map(FolderForm::isPacked);
        }
    }
}
