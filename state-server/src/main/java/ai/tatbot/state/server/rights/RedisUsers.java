package ai.tatbot.state.server.rights;

import ai.tatbot.state.client.StateException;
import ai.tatbot.state.client.StateException.Reason;
import ai.tatbot.state.client.StateOptions;
import ai.tatbot.state.client.StateOptions.Address;
import ai.tatbot.state.client.internal.RawConnection;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The users of a Redis and of its replicas, which do not learn of users by themselves. Takes an administrator's credentials. A change
 * is made on the primary, kept in its file of users, and then each replica gets that user as the primary has it. Used by one thread.
 */
public final class RedisUsers implements AutoCloseable {
    private static final Pattern REPLICA = Pattern.compile("slave[0-9]+:ip=([^,]+),port=([0-9]+),.*");

    /** Users that are nobody's node. */
    private static final List<String> RESERVED = List.of("default", "admin", "replica", "sentinel");

    private final RawConnection primary;
    private final Function<Address, StateOptions> options;
    private final String namespace;
    private @Nullable List<Server> replicas;

    private RedisUsers(RawConnection primary, Function<Address, StateOptions> options, String namespace) {
        this.primary = primary;
        this.options = options;
        this.namespace = namespace;
    }

    /**
     * Those of one Redis.
     *
     * @param admin how to reach it, as whom
     * @param replica the same for one of its replicas
     * @throws StateException MISCONFIGURED if it is too old for rights of this kind, or has no file to keep users in
     */
    public static RedisUsers of(StateOptions admin, Function<Address, StateOptions> replica) {
        RedisUsers users = new RedisUsers(RawConnection.open(admin), replica, admin.namespace());
        try {
            users.requireFit();
            return users;
        } catch (RuntimeException e) {
            users.close();
            throw e;
        }
    }

    private void requireFit() {
        Matcher version = Pattern.compile("redis_version:([0-9]+)\\.([0-9.]+)")
                .matcher(text(primary.call("reading the version", "INFO", "server")));
        if (version.find() && Integer.parseInt(version.group(1)) < 7) {
            throw new StateException(
                    Reason.MISCONFIGURED,
                    "this is Redis " + version.group(1) + "." + version.group(2)
                            + "; users with rights of their own need Redis 7.0 or later, or Valkey: 6.2 knows no right"
                            + " to read only");
        }
        if (fields(primary.call("reading where users are kept", "CONFIG", "GET", "aclfile"))
                .getOrDefault("aclfile", "")
                .toString()
                .isEmpty()) {
            throw new StateException(
                    Reason.MISCONFIGURED,
                    "this Redis keeps no file of users, so they would be gone when it restarts. Set aclfile in its"
                            + " configuration, as ops/setup-eek does, and restart it");
        }
    }

    /** All of them, by name. */
    public List<RedisUser> list() {
        List<RedisUser> users = new ArrayList<>();
        for (String name : texts(primary.call("listing users", "ACL", "USERS"))) {
            find(name).ifPresent(users::add);
        }
        return users;
    }

    /** The user of this name. */
    public Optional<RedisUser> find(String name) {
        Object answer = primary.call("reading user " + name, "ACL", "GETUSER", name);
        if (answer == null) {
            return Optional.empty();
        }
        Map<String, Object> user = fields(answer);
        List<String> flags = texts(user.get("flags"));
        return Optional.of(new RedisUser(
                name,
                flags.contains("on"),
                flags.contains("nopass"),
                texts(user.get("passwords")),
                flags.contains("on") ? roleOf(name) : Optional.empty()));
    }

    /**
     * By what it may do, for Redis keeps no more of a user than that: the role of whose own rights, which lesser ones have not, it has
     * most. So it is known though an older version gave it others.
     */
    private Optional<String> roleOf(String name) {
        if (may(name, "CONFIG", "SET", "maxmemory", "0")) {
            return Optional.of("admin");
        }
        if (name.equals("default")) {
            return may(name, "KEYS", "*") ? Optional.of("python") : Optional.empty();
        }
        Roles roles = Roles.packaged();
        Role node = roles.role("node");
        Role robot = roles.role("robot");
        Role server = roles.role("server");
        if (hasMost(name, server, List.of(node, robot))) {
            return Optional.of("server");
        }
        if (hasMost(name, robot, List.of(node))) {
            return Optional.of("robot");
        }
        return hasMost(name, node, List.of()) ? Optional.of("node") : Optional.empty();
    }

    private boolean hasMost(String name, Role role, List<Role> others) {
        List<List<String>> commands = RoleCommands.only(role, others, name, namespace);
        long allowed = commands.stream()
                .filter(command -> may(name, command.toArray(String[]::new)))
                .count();
        return 2 * allowed > commands.size();
    }

    private boolean may(String name, String... command) {
        String[] words = Stream.concat(Stream.of("ACL", "DRYRUN", name), Stream.of(command))
                .toArray(String[]::new);
        return "OK".equals(primary.call("asking what " + name + " may do", words));
    }

    /**
     * Makes a user with the rights of a role.
     *
     * @param nodeId the node whose own documents it may write
     * @throws StateException CONFLICT if there is one of this name
     * @throws IllegalArgumentException if the node's id is none
     */
    public void add(String name, Role role, String nodeId, Password password) {
        if (find(name).filter(user -> user.enabled() && !name.equals("default")).isPresent()) {
            throw new StateException(
                    Reason.CONFLICT,
                    "there is a user " + name + " already. node rotate " + name
                            + " gives it another password, node update " + name + " the rights of this version");
        }
        List<String> words = new ArrayList<>(List.of("reset", "on", "#" + password.hash()));
        words.addAll(AclRules.of(role, nodeId, namespace).words());
        change("making user " + name, name, words);
    }

    /**
     * Gives a user the rights of its role as this version has them. Its passwords stay.
     *
     * @return whether that changed something
     */
    public boolean update(String name, Role role, String nodeId) {
        String before = line(name);
        List<String> words = AclRules.of(role, nodeId, namespace).words();
        change("updating the rights of " + name, name, words);
        return !before.equals(line(name));
    }

    /** The user as a line of an ACL file, behind its name; empty if there is none. */
    private String line(String name) {
        String start = "user " + name + " ";
        return texts(primary.call("listing users", "ACL", "LIST")).stream()
                .filter(line -> line.startsWith(start))
                .map(line -> line.substring(start.length()))
                .findFirst()
                .orElse("");
    }

    /** Makes a password good beside those that the user has. */
    public void addPassword(String name, Password password) {
        change("adding a password of " + name, name, List.of("#" + password.hash()));
    }

    /** Makes a password bad that nobody has used; no connection is cut. */
    public void withdrawPassword(String name, Password password) {
        withdrawPasswords(name, List.of(password.hash()));
    }

    /**
     * Makes passwords bad; connections stay.
     *
     * @param hashes as in {@link RedisUser#passwordHashes}
     */
    public void withdrawPasswords(String name, List<String> hashes) {
        change(
                "removing passwords of " + name,
                name,
                hashes.stream().map(hash -> "!" + hash).toList());
    }

    /**
     * Makes passwords bad, and cuts the user's connections: whoever has a good one is back at once.
     *
     * @param hashes as in {@link RedisUser#passwordHashes}
     * @return how many connections were cut, on the primary
     */
    public long removePasswords(String name, List<String> hashes) {
        withdrawPasswords(name, hashes);
        return cut(name);
    }

    /**
     * Removes a user, and cuts its connections.
     *
     * @throws StateException NOT_FOUND if there is none of this name
     */
    public void remove(String name) {
        if (RESERVED.contains(name)) {
            throw new StateException(Reason.DENIED, "user " + name + " is not a node's; it stays");
        }
        if (find(name).isEmpty()) {
            throw new StateException(Reason.NOT_FOUND, "there is no user " + name);
        }
        // Cuts the user's connections, too.
        primary.call("removing user " + name, "ACL", "DELUSER", name);
        keep("removing user " + name, name);
    }

    private long cut(String name) {
        String[] words = {"CLIENT", "KILL", "USER", name, "SKIPME", "yes"};
        for (Server replica : replicas()) {
            replica.redis.call("cutting the connections of " + name + " to " + replica.name, words);
        }
        return primary.call("cutting the connections of " + name, words) instanceof Long count ? count : 0;
    }

    private void change(String what, String name, List<String> words) {
        setUser(primary, what, name, words);
        keep(what, name);
    }

    private static void setUser(RawConnection redis, String what, String name, List<String> words) {
        List<String> all = new ArrayList<>(List.of("ACL", "SETUSER", name));
        all.addAll(words);
        redis.call(what, all.toArray(String[]::new));
    }

    /** Puts down what has changed, and makes each replica's user that of the primary. */
    private void keep(String what, String name) {
        primary.call("keeping the users", "ACL", "SAVE");
        String line = line(name);
        for (Server replica : replicas()) {
            try {
                if (line.isEmpty()) {
                    replica.redis.call(what, "ACL", "DELUSER", name);
                } else {
                    List<String> words = new ArrayList<>(List.of("reset"));
                    words.addAll(words(line));
                    setUser(replica.redis, what, name, words);
                }
                replica.redis.call("keeping the users", "ACL", "SAVE");
            } catch (StateException e) {
                throw new StateException(
                        e.reason(),
                        what + ": done on the primary, but not on its replica " + replica.name + ": " + e.getMessage()
                                + ". Run  tatbot-state node update  once that answers",
                        e);
            }
        }
    }

    /** The words of a line of an ACL file; what is in brackets is one. */
    static List<String> words(String line) {
        List<String> words = new ArrayList<>();
        Matcher word = Pattern.compile("\\([^)]*\\)|\\S+").matcher(line);
        while (word.find()) {
            words.add(word.group());
        }
        return words;
    }

    private List<Server> replicas() {
        List<Server> known = replicas;
        if (known == null) {
            known = new ArrayList<>();
            for (String line : text(primary.call("looking for replicas", "INFO", "replication"))
                    .split("\r?\n", -1)) {
                Matcher replica = REPLICA.matcher(line);
                if (replica.matches()) {
                    Address address = new Address(replica.group(1), Integer.parseInt(replica.group(2)));
                    known.add(new Server(address.toString(), RawConnection.open(options.apply(address))));
                }
            }
            replicas = known;
        }
        return known;
    }

    private static Map<String, Object> fields(@Nullable Object answer) {
        Map<String, Object> fields = new LinkedHashMap<>();
        List<?> flat = answer instanceof List<?> list ? list : List.of();
        for (int i = 0; i + 1 < flat.size(); i += 2) {
            fields.put(text(flat.get(i)), flat.get(i + 1));
        }
        return fields;
    }

    private static List<String> texts(@Nullable Object answer) {
        return answer instanceof List<?> list
                ? list.stream().map(String::valueOf).toList()
                : List.of();
    }

    private static String text(@Nullable Object answer) {
        return String.valueOf(answer);
    }

    @Override
    public void close() {
        primary.close();
        if (replicas != null) {
            replicas.forEach(replica -> replica.redis.close());
        }
    }

    private record Server(String name, RawConnection redis) {}
}
