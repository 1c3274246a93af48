package ai.tatbot.state.server.rights;

import java.util.ArrayList;
import java.util.List;
import redis.clients.jedis.Jedis;

/** The users that a fleet has. */
enum FleetUser {
    HOG("hog", "robot", "hog"),
    OOK("ook", "node", "ook"),
    EEK_SERVER("eek-server", "server", "eek"),
    /** In a fleet it is the default user; here that is the test's. */
    PYTHON("python", "python", "oop");

    private final String redisName;
    private final String role;
    private final String nodeId;

    FleetUser(String redisName, String role, String nodeId) {
        this.redisName = redisName;
        this.role = role;
        this.nodeId = nodeId;
    }

    String redisName() {
        return redisName;
    }

    String nodeId() {
        return nodeId;
    }

    void create(Jedis admin, String password) {
        List<String> words = new ArrayList<>(List.of("reset", "on", ">" + password));
        words.addAll(AclRules.of(Roles.packaged().role(role), nodeId, "").words());
        admin.aclSetUser(redisName, words.toArray(String[]::new));
    }
}
