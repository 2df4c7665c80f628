package org.ternlm.options;

import java.util.Arrays;
import java.util.stream.Collectors;
import org.ternlm.command.CommandException;
import org.ternlm.model.HeadForm;
import picocli.CommandLine.Option;

/// What the output head of a model is made of.
public final class HeadOption {

    @Option(names = "--head", paramLabel = "FORM", description = "What the output head is made of: file (as it is there, the default), or rounded when loaded, which is faster: int8, 4bit.")
    private String name = HeadForm.FILE.optionName();

    /// The form that the user named.
    ///
    /// @throws CommandException if there is none of that name
    public HeadForm form() {
        return Arrays.stream(HeadForm.values()).filter(form -> form.optionName().equalsIgnoreCase(name)).findFirst()
                .orElseThrow(() -> new CommandException("--head: expected "
                        + Arrays.stream(HeadForm.values()).map(HeadForm::optionName).collect(Collectors.joining(", "))
                        + ", found " + name));
    }
}
