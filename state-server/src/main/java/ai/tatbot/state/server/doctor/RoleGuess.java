package ai.tatbot.state.server.doctor;

import ai.tatbot.state.model.Keys;
import ai.tatbot.state.server.rights.Role;
import ai.tatbot.state.server.rights.RoleCommands;
import ai.tatbot.state.server.rights.Roles;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The role that a user should have.
 *
 * @param role null for an administrator
 * @param isGuessed whether nobody said so
 */
record RoleGuess(@Nullable Role role, boolean isGuessed) {
    static final String ADMIN = "admin";

    /** Users that are no node's. */
    static final Set<String> NO_NODES = Set.of(ADMIN, "default");

    /** Names of all roles. */
    static List<String> names() {
        return Stream.concat(Roles.packaged().all().stream().map(Role::name), Stream.of(ADMIN))
                .toList();
    }

    /** The role of this name. */
    static Optional<RoleGuess> find(String name) {
        return name.equals(ADMIN)
                ? Optional.of(new RoleGuess(null, false))
                : Roles.packaged().find(name).map(role -> new RoleGuess(role, false));
    }

    /**
     * The one that the patient says; else the one of whose own rights, which lesser ones have not, this user has most. So it is known
     * if some are missing, or if it has some that it should not have. Who may do everything is judged by what it does.
     */
    static RoleGuess of(Examination examination) {
        String given = examination.patient().role();
        if (given != null) {
            return find(given).orElseThrow(() -> new NotCheckedException("there is no role " + Words.safe(given)));
        }
        Permissions permissions = examination.permissions();
        if (examination.user().equals(ADMIN)) {
            return new RoleGuess(null, true);
        }
        Roles roles = Roles.packaged();
        Role node = roles.role("node");
        Role robot = roles.role("robot");
        if (permissions.allows("CONFIG", "SET", "maxmemory", "0")) {
            return new RoleGuess(hasRobot(examination) ? robot : node, true);
        }
        // Nearly all that a robot may do a server may do, too.
        Role server = roles.role("server");
        if (isMostly(permissions, only(server, List.of(node, robot), examination))) {
            return new RoleGuess(server, true);
        }
        return new RoleGuess(isMostly(permissions, only(robot, List.of(node), examination)) ? robot : node, true);
    }

    private static boolean isMostly(Permissions permissions, List<List<String>> commands) {
        return 2 * permissions.denied(commands).size() < commands.size();
    }

    private static boolean hasRobot(Examination examination) {
        String key = examination.named(Keys.robotState(examination.identity()).name());
        return Long.valueOf(1).equals(examination.redis().call("looking for a robot", "EXISTS", key));
    }

    /** What one may do who has this role, and nobody who has one of the others. */
    private static List<List<String>> only(Role role, List<Role> others, Examination examination) {
        return RoleCommands.only(
                role, others, examination.identity(), examination.options().namespace());
    }

    /** Every command that the role needs, with a key or channel that it needs it for. */
    static List<List<String>> commands(Role role, Examination examination) {
        return RoleCommands.of(
                role, examination.identity(), examination.options().namespace());
    }

    String name() {
        return role == null ? ADMIN : role.name();
    }

    /** For people. */
    String words() {
        return "role " + name() + (isGuessed ? ", by what it may do" : "");
    }
}
