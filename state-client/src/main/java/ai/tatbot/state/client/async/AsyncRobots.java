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

        /** Waits for a ticket, and is replaced by the next one. */
        private @Nullable Update parked;

        Robot(Key<RobotState> key) {
            this.key = key;
        }

        CompletionStage<Long> update(RobotState state) {
            Update update = new Update(state, admission.deadline());
            StateException closed = admission.closed();
            if (closed != null) {
                admission.turnAway(update.stage, closed);
                return update.stage;
            }
            if (admission.conflates() && parkOrSend(update)) {
                return update.stage;
            }
            StateException refused = admission.enter("writing " + key);
            if (refused != null) {
                admission.turnAway(update.stage, refused);
                return update.stage;
            }
            synchronized (this) {
                sendParked();
                next(update);
            }
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
                admission.turnAway(waiting.stage, conflated());
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

        private synchronized void granted() {
            Update waiting = parked;
            parked = null;
            if (waiting == null) {
                admission.tickets().release();
            } else {
                next(waiting);
            }
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

        private void next(Update update) {
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
            Arms after = update.arms();
            boolean turns = !before.equals(after);
            try {
                sender.submit(
                        new WriteCall(
                                redis,
                                key,
                                writer.prepare(RobotWriter.write(key, before.left(), before.right(), update.state)),
                                update.deadline,
                                admission::run) {
                            @Override
                            void stored(long revision, @Nullable StateException unconfirmed) {
                                keeper.wrote(key, after);
                                if (turns) {
                                    goOn(after);
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
                                admission.fail(update.stage, failure);
                            }
                        });
                held = turns;
            } catch (RuntimeException e) {
                admission.fail(update.stage, e);
            }
        }

        private synchronized void known(Update update, Arms found) {
            arms = found;
            held = false;
            send(update);
            sendThoseBehind();
        }

        private void unknown(Update update, Throwable failure) {
            admission.fail(update.stage, failure);
            goOn(null);
        }

        private synchronized void goOn(@Nullable Arms now) {
            arms = now;
            held = false;
            sendThoseBehind();
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
        private final long deadline;
        private final CompletableFuture<Long> stage = new CompletableFuture<>();

        Update(RobotState state, long deadline) {
            this.state = state;
            this.deadline = deadline;
        }

        Arms arms() {
            return Arms.of(state);
        }
    }
}
