package ai.tatbot.state.server.doctor;

import ai.tatbot.state.client.KeyContents;
import ai.tatbot.state.client.Problem;
import ai.tatbot.state.client.StateException;
import ai.tatbot.state.client.StateList;
import ai.tatbot.state.client.StateManager;
import ai.tatbot.state.client.SystemStatus;
import ai.tatbot.state.client.internal.RawConnection;
import ai.tatbot.state.model.Document;
import ai.tatbot.state.model.Key;
import ai.tatbot.state.model.KeyKind;
import ai.tatbot.state.model.Keys;
import ai.tatbot.state.model.StrokeProgress;
import ai.tatbot.state.model.Versioned;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * What is stored of nodes and sessions.
 *
 * @param status of all that the indexes list
 * @param listedNodes what the index of nodes lists
 * @param listedSessions what the index of sessions lists
 * @param sessions every session that was found, listed or not
 * @param problems what does not fit its schema, listed or not
 * @param unlisted documents that no index lists
 * @param swept whether this user may look for such documents
 */
record Fleet(
        SystemStatus status,
        Set<String> listedNodes,
        Set<String> listedSessions,
        List<Versioned<StrokeProgress>> sessions,
        List<Problem> problems,
        List<Unlisted> unlisted,
        boolean swept) {

    /**
     * A document that no index lists.
     *
     * @param ours whether a node of this version wrote it, which enters its documents into an index; an older one does not
     */
    record Unlisted(Key<?> key, boolean ours) {}

    static Fleet read(Examination examination) {
        StateManager state = examination.state();
        // Before the status, which tidies them.
        Set<String> nodes = members(state, Keys.INDEX_NODES);
        Set<String> sessions = members(state, Keys.INDEX_SESSIONS);
        SystemStatus status = state.systemStatus();
        List<Versioned<StrokeProgress>> allSessions = new ArrayList<>(status.sessions());
        List<Problem> problems = new ArrayList<>(status.problems());
        List<Unlisted> unlisted = new ArrayList<>();
        boolean swept = maySweep(examination);
        if (swept) {
            List<Key<?>> keys = state.keys();
            StateList<StrokeProgress> found = read(state, keys, Keys.STROKE_PROGRESS, sessions, unlisted);
            allSessions.addAll(found.values());
            problems.addAll(found.problems());
            problems.addAll(read(state, keys, Keys.ROBOT_STATE, nodes, unlisted).problems());
            problems.addAll(read(state, keys, Keys.NODE_HEALTH, nodes, unlisted).problems());
        }
        return new Fleet(
                status, nodes, sessions, List.copyOf(allSessions), List.copyOf(problems), List.copyOf(unlisted), swept);
    }

    private static Set<String> members(StateManager state, KeyKind<Void> index) {
        return state.contents(index.of(), 1).map(KeyContents::members).orElseGet(Set::of);
    }

    private static boolean maySweep(Examination examination) {
        try {
            examination.redis().call("looking for keys", "SCAN", "0", "COUNT", "1");
            return true;
        } catch (StateException e) {
            if (RawConnection.lacksRight(e)) {
                return false;
            }
            throw e;
        }
    }

    private static <T extends Document> StateList<T> read(
            StateManager state, List<Key<?>> keys, KeyKind<T> kind, Set<String> listed, List<Unlisted> unlisted) {
        List<Key<T>> missing = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        for (Key<?> key : keys) {
            kind.parse(key.name())
                    .filter(one -> !listed.contains(one.id()) && seen.add(one.id()))
                    .ifPresent(missing::add);
        }
        StateList<T> found = state.getAll(missing);
        Set<String> ours = new TreeSet<>();
        found.values().stream()
                .filter(one -> one.rev() != null)
                .forEach(one -> ours.add(one.key().name()));
        missing.forEach(key -> unlisted.add(new Unlisted(key, ours.contains(key.name()))));
        return found;
    }
}
