package org.ternlm.train.distributed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.ternlm.command.CommandException;

class MembershipTest {
    private static Map<String, String> complete() {
        return new HashMap<>(Map.of("RANK", "3", "WORLD_SIZE", "4", "MASTER_ADDR", "node0.cluster", "MASTER_PORT",
                "29500", "LOCAL_RANK", "whatever"));
    }

    @Test
    void readsWhatLaunchersSet() {
        assertThat(Membership.fromEnvironment(complete())).isEqualTo(new Membership(3, 4, "node0.cluster", 29500, false,
                0, "", Duration.ofMinutes(2), Duration.ofMinutes(5)));
    }

    @Test
    void readsWhatTorchrunSetsInAddition() {
        Map<String, String> variables = complete();
        variables.putAll(Map.of("TORCHELASTIC_USE_AGENT_STORE", "True", "TORCHELASTIC_RESTART_COUNT", "2",
                "GLOO_SOCKET_IFNAME", "eth1"));
        Membership membership = Membership.fromEnvironment(variables);
        assertThat(membership.launcherHostsStore()).isTrue();
        assertThat(membership.attempt()).isEqualTo(2);
        assertThat(membership.networkInterface()).isEqualTo("eth1");
    }

    @Test
    void isAloneWhereNothingIsSet() {
        assertThat(Membership.fromEnvironment(Map.of("LOCAL_RANK", "0", "RANK", " ", "MASTER_ADDR", "")))
                .isEqualTo(Membership.alone());
        assertThat(Membership.alone().worldSize()).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "-", value = {
            "RANK | - | expected a value, as WORLD_SIZE, MASTER_ADDR, MASTER_PORT are set, found nothing",
            "WORLD_SIZE | - | expected a value, as RANK, MASTER_ADDR, MASTER_PORT are set, found nothing",
            "MASTER_ADDR | - | expected a value, as RANK, WORLD_SIZE, MASTER_PORT are set, found nothing",
            "MASTER_PORT | - | expected a value, as RANK, WORLD_SIZE, MASTER_ADDR are set, found nothing",
            "RANK | 4 | expected a whole number, 0 to 3 (WORLD_SIZE is 4), found 4",
            "RANK | -1 | expected a whole number, 0 to 3 (WORLD_SIZE is 4), found -1",
            "RANK | two | expected a whole number, 0 to 3 (WORLD_SIZE is 4), found two",
            "RANK | 12345678901234567890 | expected a whole number, 0 to 3 (WORLD_SIZE is 4), found 12345678901234567890",
            "WORLD_SIZE | 0 | expected a whole number, 1 or more, found 0",
            "WORLD_SIZE | 4.0 | expected a whole number, 1 or more, found 4.0",
            "MASTER_PORT | 0 | expected a whole number, 1 to 65535, found 0",
            "MASTER_PORT | 65536 | expected a whole number, 1 to 65535, found 65536",
            "TORCHELASTIC_RESTART_COUNT | x | expected a whole number, 0 or more, found x"})
    void refusesWhatMakesNoSense(String name, String value, String complaint) {
        Map<String, String> variables = complete();
        if (value == null) {
            variables.remove(name);
        } else {
            variables.put(name, value);
        }
        assertThatThrownBy(() -> Membership.fromEnvironment(variables)).isInstanceOf(CommandException.class)
                .hasMessage("environment variable " + name + ": " + complaint)
                .extracting(problem -> ((CommandException) problem).hint()).isEqualTo("several workers need RANK, "
                        + "WORLD_SIZE, MASTER_ADDR, MASTER_PORT; a process alone needs none of them");
    }

    @Test
    void hasARankAmongTheOthers() {
        assertThatThrownBy(() -> Membership.of(2, 2, "node0", 29500)).isInstanceOf(IllegalArgumentException.class)
                .hasMessage("expected a rank from 0 to 1, found 2");
    }

    @Test
    void oneVariableAloneIsNotEnough() {
        assertThatThrownBy(() -> Membership.fromEnvironment(Map.of("WORLD_SIZE", "2"))).hasMessage(
                "environment variable RANK: expected a value, as WORLD_SIZE is set, found nothing");
    }
}
