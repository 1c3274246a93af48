package ai.tatbot.state.client.chaos;

import ai.tatbot.state.client.Mirrored;
import ai.tatbot.state.client.Problem;
import ai.tatbot.state.client.StateException;
import ai.tatbot.state.client.StateManager;
import ai.tatbot.state.client.StateMirror;
import ai.tatbot.state.client.StateWatch;
import ai.tatbot.state.client.WatchScope;
import ai.tatbot.state.client.faultkit.Proxy;
import ai.tatbot.state.client.faultkit.Proxy.Direction;
import ai.tatbot.state.client.faultkit.RedisServer;
import ai.tatbot.state.model.Document;
import ai.tatbot.state.model.Key;
import ai.tatbot.state.model.Keys;
import ai.tatbot.state.model.Versioned;
import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;
import redis.clients.jedis.exceptions.JedisException;

/** One run of one {@link Schedule}: writers, watchers and faults, and what was found to be wrong. */
final class Chaos {
    /** Two nodes and a newcomer, before and after a Redis that has lost its data. */
    private static final int MOST_COMINGS = 6;

    /** How long watchers may take to be right once all faults are over. */
    private static final long SETTLE_NANOS = TimeUnit.SECONDS.toNanos(3);

    /** The same where the last message of a document was lost, which only the next full read can tell. That is made every few seconds. */
    private static final long SETTLE_SILENT_NANOS = TimeUnit.SECONDS.toNanos(12);

    private static final WatchScope EVERYTHING = WatchScope.everything();
    private static final WatchScope ROBOTS = WatchScope.of(Keys.ROBOT_STATE);

    private final RedisServer redis;
    private final Schedule schedule;
    private final Violations violations = new Violations();
    private final Ledger ledger = new Ledger();
    private final Shared shared = new Shared();
    private final Random random;
    private final Proxy watchersPath;
    private final Proxy pathA;
    private final Proxy pathB;
    private final List<Node> tellers = new ArrayList<>();
    private final List<StateManager> guests = new ArrayList<>();

    private Chaos(RedisServer redis, Schedule schedule) {
        this.redis = redis;
        this.schedule = schedule;
        this.random = new Random(schedule.seed() ^ 0x5eed);
        this.watchersPath = Proxy.to(redis.port()).delay(Duration.ofMillis(schedule.delayMillis()));
        this.pathA = Proxy.to(redis.port());
        this.pathB = Proxy.to(redis.port());
    }

    /** A server whose acknowledged writes survive a {@code kill -9}. */
    static RedisServer startRedis() {
        return RedisServer.start("--appendonly", "yes", "--appendfsync", "always");
    }

    /**
     * Runs one schedule.
     *
     * @param redis of {@link #startRedis}; nobody else uses it, and its data are lost
     */
    static Result run(RedisServer redis, long seed) throws InterruptedException {
        // Outages are what this is about; Jedis writes a page about each.
        quiet("redis.clients.jedis", Level.OFF);
        quiet("ai.tatbot.state", Level.ERROR);
        redis.kill();
        redis.restartEmpty();
        Chaos chaos = new Chaos(redis, Schedule.of(seed));
        try {
            return chaos.run();
        } finally {
            chaos.watchersPath.close();
            chaos.pathA.close();
            chaos.pathB.close();
        }
    }

    /** What is wrong in one schedule, for callers that know no class of this package; empty if nothing is. */
    public static List<String> violations(long seed) throws InterruptedException {
        try (RedisServer redis = startRedis()) {
            return run(redis, seed).violations();
        }
    }

    private static void quiet(String logger, Level level) {
        ((Logger) LoggerFactory.getLogger(logger)).setLevel(level);
    }

    private Result run() throws InterruptedException {
        try (StateManager a = writer("a", pathA);
                StateManager b = writer("b", pathB);
                StateManager watchers = StateManager.connect(redis.options()
                        .port(watchersPath.port())
                        .nodeId("watcher")
                        .problemListener(this::problem)
                        .build());
                StateMirror first = watchers.mirror();
                StateMirror second = watchers.mirror();
                StateMirror scoped = watchers.mirror(ROBOTS);
                StateWatch third = watchers.watch(EVERYTHING)) {
            Witness quick = new Witness("the quick listener", violations, null);
            Witness slow = new Witness("the slow listener", violations, new Random(random.nextLong()));
            Witness ofRobots = new Witness("the listener of robots", violations, null);
            first.watch().listen(quick);
            third.listen(slow);
            scoped.watch().listen(ofRobots);
            List<StateWatch> watches = List.of(first.watch(), second.watch(), scoped.watch(), third);
            awaitLive(watches);
            Map<StateMirror, WatchScope> mirrors = Map.of(first, EVERYTHING, second, EVERYTHING, scoped, ROBOTS);
            Checker checker = new Checker(mirrors, ledger, watchersPath, violations);
            checker.start();
            write(a, b, List.of(quick, slow, ofRobots));
            settle(checker, watches, mirrors, List.of(quick, slow, ofRobots));
            checker.stop();
            guests.forEach(StateManager::close);
            return new Result(schedule, violations.found(), checker.live(), checker.all());
        }
    }

    private StateManager writer(String nodeId, Proxy path) {
        // Not connect(): on a busy machine its first answer may take longer than that.
        return StateManager.create(redis.options()
                .port(path.port())
                .nodeId(nodeId)
                .timeout(Duration.ofMillis(500))
                .retryAttempts(1)
                .problemListener(this::problem)
                .build());
    }

    /** Every problem but an outage is one of ours. */
    private void problem(Problem problem) {
        boolean bug = problem.cause() instanceof StateException e && e.reason() == StateException.Reason.INTERNAL;
        if (bug || problem.kind() == Problem.Kind.LISTENER_FAILED) {
            violations.add("reported: " + problem);
        }
    }

    private void awaitLive(List<StateWatch> watches) throws InterruptedException {
        for (StateWatch watch : watches) {
            if (!watch.awaitLive(Duration.ofSeconds(10))) {
                violations.add(watch + " did not become live at the beginning");
            }
        }
    }

    /** Of a log that is lost before anything of it was seen, nobody can tell how long it was. */
    private void awaitTransitions(List<Witness> witnesses) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        for (Witness witness : witnesses) {
            while (witness.transitions().isEmpty()) {
                if (System.nanoTime() - deadline > 0) {
                    violations.add(witness.name() + " was told of no transition");
                    return;
                }
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
            }
        }
    }

    // ---- writing under faults

    private void write(StateManager a, StateManager b, List<Witness> witnesses) throws InterruptedException {
        Pace pace = new Pace(violations, schedule.pauseMicros());
        List<Supplier<Optional<String>>> sessions = new ArrayList<>();
        for (StateManager manager : List.of(a, b)) {
            Node node = new Node(manager, ledger, shared, random.nextLong());
            tellers.add(node);
            sessions.add(node::sessionId);
            pace.run(manager.nodeId() + "-sessions", random.nextLong(), node::session);
            pace.run(manager.nodeId() + "-robots", random.nextLong(), node::robot);
            pace.run(manager.nodeId() + "-rest", random.nextLong(), node::rest);
            if (schedule.flood()) {
                pace.runFast(manager.nodeId() + "-flood", node::error);
            }
        }
        try (OlderNode older = new OlderNode(redis.port(), ledger, shared, sessions, random.nextLong())) {
            pace.run("older", random.nextLong(), older::write);
            awaitTransitions(witnesses);
            long begin = System.nanoTime();
            for (Action action : actions(pace)) {
                pauseUntil(begin + TimeUnit.MILLISECONDS.toNanos(action.atMillis));
                action.run.run();
            }
            pauseUntil(begin + TimeUnit.MILLISECONDS.toNanos(schedule.writeMillis()));
            pace.stop();
            // What was lost with Redis can be counted once every writer has told a transition again.
            tellers.forEach(node -> insist("the last transition", node::error));
            insist("the older node's last writes", older::finish);
        }
    }

    private void insist(String what, Runnable task) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (true) {
            try {
                task.run();
                return;
            } catch (StateException | JedisException e) {
                if (System.nanoTime() - deadline > 0) {
                    violations.add(what + " could not be written when all was over: " + e);
                    return;
                }
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
            }
        }
    }

    private List<Action> actions(Pace pace) {
        List<Action> actions = new ArrayList<>();
        for (Schedule.Step step : schedule.steps()) {
            int at = step.atMillis();
            int end = at + step.millis();
            switch (step.fault()) {
                case KILL -> {
                    actions.add(new Action(at, redis::kill));
                    actions.add(new Action(end, redis::restart));
                }
                case EMPTY -> {
                    actions.add(new Action(at, () -> {
                        ledger.emptying();
                        redis.kill();
                        ledger.dead();
                    }));
                    actions.add(new Action(end, () -> {
                        redis.restartEmpty();
                        ledger.emptied();
                    }));
                }
                case FREEZE -> {
                    actions.add(new Action(at, redis::freeze));
                    actions.add(new Action(end, redis::thaw));
                }
                case CUT -> actions.add(new Action(at, path(step)::cut));
                case HOLD -> held(step, actions, path(step)::hold);
                case HOLD_TO_SERVER -> held(step, actions, () -> path(step).hold(Direction.TO_SERVER));
                case HOLD_TO_CLIENT -> held(step, actions, () -> path(step).hold(Direction.TO_CLIENT));
                case GARBAGE -> actions.add(new Action(at, () -> path(step).garbage(Direction.TO_CLIENT)));
                case SWALLOW -> actions.add(new Action(at, () -> path(step).swallow(1)));
                case GUEST -> actions.add(new Action(at, () -> guest(pace)));
            }
        }
        actions.sort(Comparator.comparingInt(Action::atMillis));
        return actions;
    }

    private void held(Schedule.Step step, List<Action> actions, Runnable hold) {
        actions.add(new Action(step.atMillis(), hold));
        actions.add(new Action(step.atMillis() + step.millis(), path(step)::release));
    }

    private Proxy path(Schedule.Step step) {
        return switch (step.target()) {
            case WRITER_A -> pathA;
            case WRITER_B -> pathB;
            case WATCHERS, REDIS -> watchersPath;
        };
    }

    /** A writer that knows nothing of what was: the first in an empty log, perhaps. */
    private void guest(Pace pace) {
        StateManager manager = StateManager.create(redis.options()
                .nodeId("guest")
                .timeout(Duration.ofMillis(500))
                .retryAttempts(1)
                .problemListener(this::problem)
                .build());
        guests.add(manager);
        Node guest = new Node(manager, ledger, shared, random.nextLong());
        tellers.add(guest);
        pace.run("guest", random.nextLong(), guest::rest);
    }

    private static void pauseUntil(long nanos) {
        for (long left = nanos - System.nanoTime(); left > 0; left = nanos - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }

    // ---- when all is over

    private void settle(
            Checker checker, List<StateWatch> watches, Map<StateMirror, WatchScope> mirrors, List<Witness> witnesses) {
        witnesses.forEach(Witness::hurry);
        Map<Key<?>, Versioned<?>> stored = stored();
        long late = checker.lateNanos();
        long begin = System.nanoTime();
        long longest = watchersPath.swallowed() > 0 ? SETTLE_SILENT_NANOS : SETTLE_NANOS;
        List<String> wrong;
        do {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
            wrong = new ArrayList<>();
            for (StateWatch watch : watches) {
                if (!watch.status().isLive()) {
                    wrong.add(watch + " is not live");
                }
            }
            for (Map.Entry<StateMirror, WatchScope> mirror : mirrors.entrySet()) {
                compare(
                        "the mirror of " + mirror.getValue(),
                        stored,
                        held(mirror.getKey(), mirror.getValue()),
                        wrong,
                        mirror.getValue());
            }
            for (Witness witness : witnesses) {
                boolean scoped = witness.name().contains("robots");
                compare(witness.name(), stored, latest(witness), wrong, scoped ? ROBOTS : EVERYTHING);
                count(witness, scoped, wrong);
            }
        } while (!wrong.isEmpty() && System.nanoTime() - begin < longest + checker.lateNanos() - late);
        wrong.forEach(what -> violations.add("when all faults were long over " + what));
    }

    /** Every document there is in Redis, read by someone who watches nothing. */
    private Map<Key<?>, Versioned<?>> stored() {
        Map<Key<?>, Versioned<?>> stored = new LinkedHashMap<>();
        try (StateManager judge =
                StateManager.connect(redis.options().nodeId("judge").build())) {
            for (Key<?> key : judge.keys()) {
                if (key.kind().documentField().isPresent()) {
                    judge.get(document(key)).ifPresent(value -> stored.put(key, value));
                }
            }
        }
        return stored;
    }

    @SuppressWarnings("unchecked") // only keys of documents are asked for
    private static Key<? extends Document> document(Key<?> key) {
        return (Key<? extends Document>) key;
    }

    private static Map<Key<?>, Versioned<?>> held(StateMirror mirror, WatchScope scope) {
        Map<Key<?>, Versioned<?>> held = new LinkedHashMap<>();
        List<Mirrored<? extends Document>> all = new ArrayList<>(mirror.all(Keys.ROBOT_STATE));
        if (scope.isEverything()) {
            all.addAll(mirror.all(Keys.NODE_HEALTH));
            all.addAll(mirror.all(Keys.STROKE_PROGRESS));
        }
        all.forEach(mirrored -> held.put(mirrored.key(), mirrored.versioned()));
        return held;
    }

    private static Map<Key<?>, Versioned<?>> latest(Witness witness) {
        Map<Key<?>, Versioned<?>> latest = new LinkedHashMap<>();
        witness.latest().forEach((key, value) -> value.ifPresent(present -> latest.put(key, present)));
        return latest;
    }

    private static void compare(
            String who,
            Map<Key<?>, Versioned<?>> stored,
            Map<Key<?>, Versioned<?>> held,
            List<String> wrong,
            WatchScope scope) {
        Set<Key<?>> keys = new HashSet<>(stored.keySet());
        keys.addAll(held.keySet());
        for (Key<?> key : keys) {
            Versioned<?> is = stored.get(key);
            Versioned<?> shown = held.get(key);
            if (scope.includes(key) && !same(is, shown)) {
                wrong.add(who + " had of " + key + " " + shown + ", Redis: " + is);
            }
        }
    }

    private static boolean same(@Nullable Versioned<?> is, @Nullable Versioned<?> shown) {
        if (is == null || shown == null) {
            return is == null && shown == null;
        }
        return is.revision().equals(shown.revision()) && is.value().equals(shown.value());
    }

    /** Every transition once, or counted as lost. */
    private void count(Witness witness, boolean scoped, List<String> wrong) {
        Map<String, Integer> told = witness.transitions();
        long missing = 0;
        long perhaps = 0;
        String example = "";
        for (Map.Entry<String, Ledger.Count> entry : ledger.transitions().entrySet()) {
            if (scoped && !Identity.isOfRobot(entry.getKey())) {
                continue;
            }
            int times = Optional.ofNullable(told.remove(entry.getKey())).orElse(0);
            Ledger.Count count = entry.getValue();
            if (times > count.certain() + count.unknown()) {
                wrong.add(witness.name() + " was told " + times + " times of " + entry.getKey());
            }
            if (times < count.certain()) {
                missing += count.certain() - times;
                example = entry.getKey();
            }
            perhaps += Math.max(0, count.certain() + count.unknown() - Math.max(times, count.certain()));
        }
        // Each node comes once, and once more if the Redis that knew it is gone.
        perhaps += scoped ? 0 : MOST_COMINGS;
        told.entrySet()
                .removeIf(entry ->
                        Identity.isOnline(entry.getKey()) && entry.getValue() == 1 && ledger.couldTell(entry.getKey()));
        if (!told.isEmpty()) {
            wrong.add(witness.name() + " was told of what nobody wrote: " + told);
        }
        long lost = witness.lost();
        boolean inexact = scoped && schedule.emptiesRedis();
        if (lost < missing || (!inexact && lost > missing + perhaps)) {
            wrong.add(witness.name() + " misses " + missing + " transitions and perhaps " + perhaps
                    + " of unknown outcome, but was told that " + lost + " were lost; such as " + example);
        } else if (lost > 0 && !schedule.emptiesRedis()) {
            wrong.add(witness.name() + " was told that " + lost + " transitions were lost, but Redis has lost nothing");
        }
    }

    private record Action(int atMillis, Runnable run) {}

    /**
     * What came of one run.
     *
     * @param live how often a mirror was found live and so compared with the writers' knowledge
     * @param all how often one was asked
     */
    record Result(Schedule schedule, List<String> violations, long live, long all) {
        boolean isGood() {
            return violations.isEmpty();
        }

        @Override
        public String toString() {
            return schedule + "\n  live " + live + " of " + all + " times"
                    + (isGood() ? "" : "\n  VIOLATED\n    " + String.join("\n    ", violations));
        }
    }
}
