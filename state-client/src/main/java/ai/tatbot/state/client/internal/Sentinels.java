package ai.tatbot.state.client.internal;

import ai.tatbot.state.client.StateException;
import ai.tatbot.state.client.StateException.Reason;
import ai.tatbot.state.client.StateOptions;
import ai.tatbot.state.client.StateOptions.Address;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import redis.clients.jedis.Connection;
import redis.clients.jedis.Protocol.Command;
import redis.clients.jedis.exceptions.JedisException;

/** Asks the sentinels where the primary is. Thread-safe. */
final class Sentinels {
    private final StateOptions options;
    private final Connector connector;
    private final String primaryName;

    /** The one that answered last comes first: a sentinel that is down costs its time once. */
    private volatile List<Address> order;

    Sentinels(StateOptions options, Connector connector) {
        this.options = options;
        this.connector = connector;
        this.primaryName = options.primaryName().orElseThrow();
        this.order = options.sentinels();
    }

    /**
     * The primary that a sentinel names and that stands the test. Right after a failover some sentinels still name the old one.
     *
     * @param test connects to what was named; throws a {@link JedisException} if that is no primary
     * @throws NoConnectionException if there is none
     */
    Address primary(Consumer<Address> test) {
        Map<Address, StateException> silent = new LinkedHashMap<>();
        Map<Address, StateException> unfit = new LinkedHashMap<>();
        List<Address> ignorant = new ArrayList<>();
        for (Address sentinel : order) {
            Address named;
            try {
                Optional<Address> answer = ask(sentinel);
                if (answer.isEmpty()) {
                    ignorant.add(sentinel);
                    continue;
                }
                named = answer.get();
            } catch (JedisException e) {
                silent.put(sentinel, new RedisErrors(sentinel.toString()).notConnected("asking the sentinel", e));
                continue;
            }
            if (unfit.containsKey(named)) {
                continue;
            }
            try {
                test.accept(named);
                preferred(sentinel);
                return named;
            } catch (JedisException e) {
                unfit.put(
                        named,
                        new RedisErrors(named.toString())
                                .notConnected("the sentinel " + sentinel + " names " + named + " as the primary", e));
            }
        }
        throw none(silent, ignorant, unfit);
    }

    private Optional<Address> ask(Address sentinel) {
        try (Connection connection = connector.connect(sentinel, connector.sentinel(), options.connectTimeout())) {
            connection.sendCommand(Command.SENTINEL, "GET-MASTER-ADDR-BY-NAME", primaryName);
            List<String> answer = connection.getMultiBulkReply();
            return answer == null || answer.size() != 2
                    ? Optional.empty()
                    : Optional.of(new Address(answer.get(0), Integer.parseInt(answer.get(1))));
        } catch (NumberFormatException e) {
            throw new JedisException("the sentinel named a port that is no number", e);
        }
    }

    private void preferred(Address sentinel) {
        if (!order.get(0).equals(sentinel)) {
            List<Address> changed = new ArrayList<>(order);
            changed.remove(sentinel);
            changed.add(0, sentinel);
            order = List.copyOf(changed);
        }
    }

    private NoConnectionException none(
            Map<Address, StateException> silent, List<Address> ignorant, Map<Address, StateException> unfit) {
        for (StateException why : unfit.values()) {
            if (why.reason() == Reason.READ_ONLY) {
                return failure(why.reason(), String.valueOf(why.getMessage()), unfit);
            }
        }
        if (!unfit.isEmpty()) {
            StateException why = unfit.values().iterator().next();
            return failure(why.reason(), String.valueOf(why.getMessage()), unfit);
        }
        if (!ignorant.isEmpty()) {
            return failure(
                    Reason.MISCONFIGURED,
                    "the sentinel " + ignorant.get(0) + " knows no primary named " + primaryName
                            + ". Check the name behind the # of REDIS_URL.",
                    silent);
        }
        StateException first = silent.values().iterator().next();
        boolean same = silent.values().stream().allMatch(why -> why.reason() == first.reason());
        Reason reason = same && RedisErrors.needsPeople(first) ? first.reason() : Reason.UNAVAILABLE;
        return failure(
                reason,
                switch (reason) {
                    case DENIED ->
                        "the sentinels let nobody in: " + first.getMessage()
                                + " For sentinels these are REDIS_SENTINEL_USERNAME and REDIS_SENTINEL_PASSWORD.";
                    case MISCONFIGURED -> String.valueOf(first.getMessage());
                    default ->
                        "no sentinel answers: "
                                + silent.entrySet().stream()
                                        .map(entry -> entry.getKey() + " ("
                                                + entry.getValue().reason() + ")")
                                        .collect(Collectors.joining(", "))
                                + ". Are they running, and is REDIS_URL right?";
                },
                silent);
    }

    private static NoConnectionException failure(Reason reason, String why, Map<Address, StateException> behind) {
        NoConnectionException failure = new NoConnectionException(reason, why, null);
        behind.values().forEach(failure::addSuppressed);
        return failure;
    }
}
