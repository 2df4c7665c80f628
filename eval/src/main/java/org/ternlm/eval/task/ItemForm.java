package org.ternlm.eval.task;

/// Reads items of one task in the forms that its data come in.
@FunctionalInterface
public interface ItemForm {
    /// Reads an item.
    ///
    /// @param line one JSON object of the data
    /// @param style for sets that styles clean in different ways
    /// @throws org.ternlm.command.CommandException if it has none of the forms
    Item read(JsonLine line, Style style);
}
