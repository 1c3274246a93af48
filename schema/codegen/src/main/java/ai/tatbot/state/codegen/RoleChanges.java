package ai.tatbot.state.codegen;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Which rights roles have lost: with those of the roles that they include, so that a right may move to one of these. */
final class RoleChanges {
    private static final String REFUSED = "they are refused what they do";

    private final SchemaFolder before;
    private final SchemaFolder now;
    private final Changes changes;

    RoleChanges(SchemaFolder before, SchemaFolder now, Changes changes) {
        this.before = before;
        this.now = now;
        this.changes = changes;
    }

    void compare() {
        Map<String, ObjectNode> rolesBefore = byName(before.roles());
        Map<String, ObjectNode> rolesNow = byName(now.roles());
        for (String role : rolesBefore.keySet()) {
            String where = "roles/" + role.replace('_', '-') + ".json";
            if (!rolesNow.containsKey(role)) {
                changes.breaks(where, "the role was removed", REFUSED, REFUSED);
                continue;
            }
            Set<String> had = withIncluded(role, rolesBefore);
            Set<String> has = withIncluded(role, rolesNow);
            grants("keys", role, had, has, before.keys(), now.keys());
            grants("channels", role, had, has, before.channels(), now.channels());
            for (String right : List.of("commands", "listens")) {
                Set<String> lost = names(right, had, rolesBefore);
                lost.removeAll(names(right, has, rolesNow));
                lost.forEach(name -> changes.breaks(where, "lost " + name + " of its " + right, REFUSED, REFUSED));
            }
            JsonNode scratch = rolesBefore.get(role).path("scratch");
            if (!scratch.isMissingNode() && !scratch.equals(rolesNow.get(role).path("scratch"))) {
                changes.breaks(where, "its scratch " + scratch.asText() + " is another", null, REFUSED);
            }
        }
        rolesNow.keySet().stream()
                .filter(role -> !rolesBefore.containsKey(role))
                .forEach(role -> changes.adds("roles/" + role.replace('_', '-') + ".json", "the role is new"));
    }

    private void grants(
            String folder,
            String role,
            Set<String> had,
            Set<String> has,
            List<ObjectNode> filesBefore,
            List<ObjectNode> filesNow) {
        Map<String, ObjectNode> same = byName(filesNow);
        boolean keys = folder.equals("keys");
        for (ObjectNode file : filesBefore) {
            ObjectNode fileNow = same.get(NameChanges.name(file));
            if (fileNow == null) {
                continue; // told of as removed
            }
            String where = NameChanges.where(folder, file);
            if (lost(file, fileNow, keys ? "readers" : "listeners", had, has)) {
                changes.breaks(where, role + " may no longer " + (keys ? "read it" : "listen"), REFUSED, null);
            }
            if (lost(file, fileNow, keys ? "writers" : "publishers", had, has)) {
                changes.breaks(where, role + " may no longer " + (keys ? "write it" : "publish"), null, REFUSED);
            }
        }
    }

    /** Whether some of what was granted is not any more. */
    private static boolean lost(ObjectNode file, ObjectNode fileNow, String list, Set<String> had, Set<String> has) {
        Set<JsonNode> rights = rights(fileNow, list, has);
        return !rights.contains(MissingNode.getInstance()) && !rights.containsAll(rights(file, list, had));
    }

    /** What each grant is limited to; missing: nothing. */
    private static Set<JsonNode> rights(ObjectNode file, String list, Set<String> roles) {
        Set<JsonNode> rights = new HashSet<>();
        for (JsonNode grant : file.path(list)) {
            if (roles.contains(grant.path("role").asText())) {
                rights.add(grant.path("own"));
            }
        }
        return rights;
    }

    private static Set<String> withIncluded(String role, Map<String, ObjectNode> roles) {
        Set<String> all = new HashSet<>();
        Deque<String> open = new ArrayDeque<>(List.of(role));
        while (!open.isEmpty()) {
            String one = open.pop();
            ObjectNode file = roles.get(one);
            if (file != null && all.add(one)) {
                file.path("includes").forEach(included -> open.push(included.asText()));
            }
        }
        return all;
    }

    private static Set<String> names(String right, Set<String> roles, Map<String, ObjectNode> files) {
        Map<String, Boolean> names = new HashMap<>();
        for (String role : roles) {
            ObjectNode file = files.get(role);
            if (file != null) {
                file.path(right).fieldNames().forEachRemaining(name -> names.put(name, true));
            }
        }
        return new HashSet<>(names.keySet());
    }

    private static Map<String, ObjectNode> byName(List<ObjectNode> files) {
        Map<String, ObjectNode> names = new LinkedHashMap<>();
        files.forEach(file -> names.put(NameChanges.name(file), file));
        return names;
    }
}
