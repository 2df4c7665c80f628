package org.ternlm.spark;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import org.apache.spark.TaskContext;
import org.apache.spark.sql.Row;

/// Answers the rows of a partition in their order, with some of them under way. For one thread.
final class PartitionRun implements Iterator<Row> {
    private final RowDesk desk;
    private final Iterator<Row> rows;
    private final int most;
    private final Deque<Asked> asked = new ArrayDeque<>();
    private final int partition = TaskContext.getPartitionId();
    private long number;

    private record Asked(Row row, Pending pending) {}

    /// @param most rows under way at once
    PartitionRun(RowDesk desk, Iterator<Row> rows, int most) {
        this.desk = desk;
        this.rows = rows;
        this.most = most;
        desk.closeWithTask(() -> asked.forEach(one -> one.pending().cancel()));
    }

    @Override
    public boolean hasNext() {
        return !asked.isEmpty() || rows.hasNext();
    }

    @Override
    public Row next() {
        while (asked.size() < most && rows.hasNext()) {
            Row row = rows.next();
            asked.add(new Asked(row, desk.ask(row)));
        }
        Asked first = asked.removeFirst();
        number++;
        return desk.await(first.row(), first.pending(), "partition %d, row %d".formatted(partition, number));
    }
}
