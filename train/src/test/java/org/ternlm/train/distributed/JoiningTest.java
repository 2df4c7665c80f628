package org.ternlm.train.distributed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;
import org.ternlm.command.CommandException;

/// How joining fails. No worker gets as far as a connection here, so all of them can be threads of one process.
class JoiningTest {
    private static final Duration LONG = Duration.ofSeconds(60);
    private static final Duration SHORT = Duration.ofSeconds(2);

    private static Membership member(int rank, int worldSize, int port, Duration joining) {
        return Membership.of(rank, worldSize, "127.0.0.1", port).withTimeouts(joining, LONG);
    }

    /// Lets all join at once and gives what each of them throws.
    private static List<Throwable> failures(List<Membership> members, long... fingerprints) {
        List<CompletableFuture<WorkerGroup>> joining = new ArrayList<>();
        for (int i = 0; i < members.size(); i++) {
            Membership member = members.get(i);
            long fingerprint = fingerprints[i];
            joining.add(CompletableFuture.supplyAsync(() -> WorkerGroup.join(member, fingerprint),
                    task -> Thread.ofPlatform().daemon().start(task)));
        }
        List<Throwable> failures = new ArrayList<>();
        for (CompletableFuture<WorkerGroup> worker : joining) {
            try (WorkerGroup group = worker.join()) {
                throw new AssertionError("joined as rank " + group.rank());
            } catch (CompletionException e) {
                failures.add(e.getCause());
            }
        }
        return failures;
    }

    @Test
    void allLearnWhoTrainsSomethingElse() throws IOException {
        try (HeldPort port = HeldPort.open()) {
            List<Membership> members = List.of(member(0, 3, port.number(), LONG), member(1, 3, port.number(), LONG),
                    member(2, 3, port.number(), LONG));
            assertThat(failures(members, 7, 8, 7)).allSatisfy(failure -> assertThat(failure)
                    .isInstanceOf(CommandException.class).message().startsWith("rank 1 (process ")
                    .contains("expected configuration and data of rank 0 (process ").doesNotContain("rank 2"));
        }
    }

    @Test
    void allMustAgreeHowManyTheyAre() throws IOException {
        try (HeldPort port = HeldPort.open()) {
            List<Membership> members = List.of(member(0, 2, port.number(), LONG), member(1, 3, port.number(), LONG));
            List<Throwable> failures = failures(members, 7, 7);
            assertThat(failures).allSatisfy(failure -> assertThat(failure).isInstanceOf(CommandException.class));
            assertThat(failures.get(0)).hasMessageContaining("WORLD_SIZE: expected 2 as at rank 0")
                    .hasMessageContaining("found 3 at rank 1");
            assertThat(failures.get(1)).hasMessageContaining("WORLD_SIZE: expected 3 as at rank 1")
                    .hasMessageContaining("found 2 at rank 0");
        }
    }

    @Test
    void eachNeedsARankOfItsOwn() throws IOException {
        try (HeldPort port = HeldPort.open()) {
            List<Membership> members = List.of(member(0, 3, port.number(), Duration.ofSeconds(8)),
                    member(1, 3, port.number(), Duration.ofSeconds(8)),
                    member(1, 3, port.number(), Duration.ofSeconds(8)));
            List<Throwable> failures = failures(members, 7, 7, 7);
            assertThat(failures).filteredOn(CommandException.class::isInstance).hasSize(1).first()
                    .extracting(Throwable::getMessage).asString()
                    .contains("RANK: expected one process of rank 1, found a second");
            assertThat(failures).filteredOn(LostWorkerException.class::isInstance).hasSize(2);
        }
    }

    @Test
    void aWorkerThatDoesNotComeIsNamed() throws IOException {
        try (HeldPort port = HeldPort.open()) {
            assertThat(failures(List.of(member(0, 3, port.number(), SHORT)), 7).getFirst())
                    .isInstanceOf(LostWorkerException.class)
                    .hasMessage("rank 0 could not join the others: ranks 1, 2 of 3 did not come within 2 s "
                            + "(start all ranks anew)");
        }
    }

    @Test
    void aMasterThatIsNotThereIsNamed() throws IOException {
        try (HeldPort port = HeldPort.open()) {
            assertThatThrownBy(() -> WorkerGroup.join(member(1, 2, port.number(), SHORT), 7))
                    .isInstanceOf(LostWorkerException.class)
                    .hasMessageContaining("nothing answered at 127.0.0.1:%d within 2 s".formatted(port.number()));
        }
    }

    @Test
    void aMasterThatIsSomethingElseIsNotWaitedForLong() throws IOException {
        try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            assertThatThrownBy(() -> WorkerGroup.join(member(1, 2, silent.getLocalPort(), SHORT), 7))
                    .isInstanceOf(LostWorkerException.class)
                    .hasMessageContaining("what listens at 127.0.0.1:" + silent.getLocalPort());
        }
    }

    @Test
    void aMasterWithoutAnAddressIsAMistake() {
        Membership member = Membership.of(1, 2, "nobody.invalid", 29500).withTimeouts(SHORT, LONG);
        assertThatThrownBy(() -> WorkerGroup.join(member, 7)).isInstanceOf(CommandException.class)
                .hasMessageContaining("MASTER_ADDR").hasMessageContaining("nobody.invalid");
    }

    @Test
    void aPortThatIsTakenIsAMistake() throws IOException {
        try (ServerSocket other = new ServerSocket(0)) {
            assertThatThrownBy(() -> WorkerGroup.join(member(0, 2, other.getLocalPort(), SHORT), 7))
                    .isInstanceOf(CommandException.class).hasMessage("port %d is taken".formatted(
                            other.getLocalPort()));
        }
    }
}
