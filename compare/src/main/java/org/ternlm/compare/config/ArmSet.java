package org.ternlm.compare.config;

/// In what the arms of a set differ.
public enum ArmSet {
    /// In their linear layers alone: norms, activation and head are those of the configuration's `model`.
    ALONE("arms-alone", "arms alone differ"),
    /// In all that each paper has otherwise: norms, activation and head are those of `own`.
    OWN("own", "each paper's own configuration");

    private final String configName;
    private final String title;

    ArmSet(String configName, String title) {
        this.configName = configName;
        this.title = title;
    }

    /// Its name in configurations and files.
    public String configName() {
        return configName;
    }

    /// Its name in reports.
    public String title() {
        return title;
    }
}
