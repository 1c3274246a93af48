package ai.tatbot.state.client.async;

import ai.tatbot.state.client.StateException;
import ai.tatbot.state.client.StateException.Reason;
import ai.tatbot.state.client.internal.DocumentReader;
import ai.tatbot.state.client.internal.DocumentWriter;
import ai.tatbot.state.client.internal.PrimaryAccess;
import ai.tatbot.state.client.internal.RobotWriter;
import ai.tatbot.state.client.internal.RobotWriter.Arms;
import ai.tatbot.state.client.internal.Step;
import ai.tatbot.state.model.Key;
import ai.tatbot.state.model.Keys;
import ai.tatbot.state.model.RobotState;
import java.util.ArrayDeque;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Stores robot states, many of one robot under way at once. What depends on what was stored before waits until that is known: the
 * first state of a robot, and whatever comes behind one in which an arm connects or disconnects, or which has failed. Thread-safe.
 */
final class AsyncRobots {
    private final PrimaryAccess redis;
    private final DocumentReader reader;
    private final DocumentWriter writer;
    private final RobotWriter keeper;
    private final Rounds rounds;
    private final Sender sender;
    private final Admission admission;
    private final Executor listeners;
    private final Map<Key<RobotState>, Robot> robots = new ConcurrentHashMap<>();

    AsyncRobots(
            PrimaryAccess redis,
            DocumentReader reader,
            DocumentWriter writer,
            RobotWriter keeper,
            Rounds rounds,
            Sender sender,
            Admission admission) {
        this.redis = redis;
        this.reader = reader;
        this.writer = writer;
        this.keeper = keeper;
        this.rounds = rounds;
        this.sender = sender;
        this.admission = admission;
        this.listeners = admission::run;
    }

    CompletionStage<Long> update(RobotState state) {
        Key<RobotState> key = Keys.robotState(state.nodeId());
        return robots.computeIfAbsent(key, Robot::new).update(state);
    }

    private final class Robot {
        private final Key<RobotState> key;

        /** What is stored once all that was sent is; null if that is not known. */
        private @Nullable Arms arms;
        /** The others wait until it is known what has become of one. */
        private boolean held;

        private final Queue<Update> behind = new ArrayDeque<>();
        private final Afterwards after = new Afterwards(this);

        /** Waits for a ticket, and is replaced by the next one. */
        private @Nullable Update parked;

        Robot(Key<RobotState> key) {
            this.key = key;
        }

        CompletionStage<Long> update(RobotState state) {
            Update update = new Update(state);
            StateException closed = admission.closed();
            if (closed != null) {
                return CompletableFuture.failedFuture(closed);
            }
            if (admission.conflates()) {
                boolean taken = parkOrSend(update);
                after.run();
                if (taken) {
                    return update.stage;
                }
            }
            StateException refused = admission.enter("writing " + key);
            if (refused != null) {
                return CompletableFuture.failedFuture(refused);
            }
            synchronized (this) {
                sendParked();
                next(update);
            }
            after.run();
            return update.stage;
        }

        /** @return whether it was taken care of; else it tells of a turn, and must wait its turn */
        private synchronized boolean parkOrSend(Update update) {
            Update waiting = parked;
            if (waiting != null) {
                if (!waiting.arms().equals(update.arms())) {
                    return false;
                }
                parked = update;
                after.add(() -> admission.turnAway(waiting.stage, conflated()));
                return true;
            }
            if (admission.tickets().tryTake()) {
                next(update);
                return true;
            }
            if (arms != null && !arms.equals(update.arms())) {
                return false;
            }
            parked = update;
            admission.tickets().await(this::granted);
            return true;
        }

        private StateException conflated() {
            return new StateException(
                    Reason.CONFLATED, "writing " + key + ": not sent, for a newer one took its place while it waited.");
        }

        private void granted() {
            synchronized (this) {
                Update waiting = parked;
                parked = null;
                if (waiting == null) {
                    admission.tickets().release();
                } else {
                    next(waiting);
                }
            }
            after.run();
        }

        /** What waits goes before what must not overtake it, be there a ticket or not. */
        private void sendParked() {
            Update waiting = parked;
            if (waiting != null) {
                parked = null;
                admission.tickets().force();
                next(waiting);
            }
        }

        /** It has a ticket. */
        private void next(Update update) {
            update.deadline = admission.deadline();
            if (held || !behind.isEmpty()) {
                behind.add(update);
            } else {
                send(update);
            }
        }

        private void send(Update update) {
            Arms before = arms;
            if (before == null) {
                held = true;
                rounds.run(
                        RobotWriter.readingArms(reader, key),
                        update.deadline,
                        found -> known(update, found),
                        failure -> unknown(update, failure));
                return;
            }
            Arms now = update.arms();
            boolean turns = !before.equals(now);
            held = turns;
            try {
                sender.submit(
                        new WriteCall(
                                redis,
                                key,
                                writer.prepare(RobotWriter.write(key, before.left(), before.right(), update.state)),
                                update.deadline,
                                listeners) {
                            @Override
                            void stored(long revision, @Nullable StateException unconfirmed) {
                                keeper.wrote(key, now);
                                if (turns) {
                                    goOn(now);
                                }
                                if (unconfirmed == null) {
                                    admission.complete(update.stage, revision);
                                } else {
                                    admission.fail(update.stage, unconfirmed);
                                }
                            }

                            @Override
                            void failed(StateException failure) {
                                if (turns) {
                                    goOn(null);
                                } else {
                                    forget();
                                }
                                fail(update, failure);
                            }
                        });
            } catch (RuntimeException | Error e) {
                held = false;
                after.add(() -> admission.fail(update.stage, e));
            }
        }

        private void fail(Update update, Throwable failure) {
            after.add(() -> admission.fail(update.stage, failure));
            after.run();
        }

        private void known(Update update, Arms found) {
            synchronized (this) {
                arms = found;
                held = false;
                send(update);
                sendThoseBehind();
            }
            after.run();
        }

        /** Those behind whose time is over as well need not ask in vain, one after the other. */
        private void unknown(Update update, Throwable failure) {
            fail(update, failure);
            long now = System.nanoTime();
            synchronized (this) {
                behind.removeIf(other -> {
                    boolean isOver = now - other.deadline >= 0;
                    if (isOver) {
                        after.add(() -> admission.fail(other.stage, failure));
                    }
                    return isOver;
                });
            }
            goOn(null);
        }

        private void goOn(@Nullable Arms now) {
            synchronized (this) {
                arms = now;
                held = false;
                sendThoseBehind();
            }
            after.run();
        }

        private void sendThoseBehind() {
            while (!held) {
                Update update = behind.poll();
                if (update == null) {
                    return;
                }
                send(update);
            }
        }

        /** Unless a write succeeds it is not known what is stored, and the next one reads it again. */
        private synchronized void forget() {
            if (!held) {
                arms = null;
            }
        }
    }

    /** After a heartbeat: the state of a robot that stands still must not run out while its node lives. */
    Step<Boolean> keepingAlive(String nodeId) {
        return keeper.keepingAlive(nodeId);
    }

    private static final class Update {
        private final RobotState state;
        private final CompletableFuture<Long> stage = new CompletableFuture<>();
        /** From when it has a ticket. */
        private long deadline;

        Update(RobotState state) {
            this.state = state;
        }

        Arms arms() {
            return Arms.of(state);
        }
    }
}
