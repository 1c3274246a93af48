package ai.tatbot.state.server.doctor;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Whether a user has two passwords: then a rotation was begun, and the old password is still good. */
final class PasswordsCheck extends Check {
    PasswordsCheck() {
        super(Part.ACCESS, "passwords");
    }

    @Override
    Result examine(Examination examination) {
        @Nullable Object users = examination.redis().call("asking for the users", "ACL", "LIST");
        List<String> two = new ArrayList<>();
        List<String> none = new ArrayList<>();
        int enabled = 0;
        for (Object user : users instanceof List<?> list ? list : List.of()) {
            // user NAME on|off [nopass] #HASH ... : never printed, for hashes are in it
            List<String> words = List.of(String.valueOf(user).split(" ", -1));
            if (words.size() < 3 || !words.contains("on")) {
                continue;
            }
            enabled++;
            String name = Words.safe(words.get(1));
            if (words.contains("nopass")) {
                none.add(name);
            } else if (words.stream().filter(word -> word.startsWith("#")).count() > 1) {
                two.add(name);
            }
        }
        if (!two.isEmpty()) {
            return Result.warn(
                    Words.some(two, 5) + (two.size() == 1 ? " has" : " have")
                            + " more than one password: a rotation was begun",
                    "Give the node its new password, then end the rotation: tatbot-state node rotate " + two.get(0)
                            + " --finish removes the old one.");
        }
        if (!none.isEmpty()) {
            return Result.warn(
                    Words.some(none, 5) + (none.size() == 1 ? " needs" : " need") + " no password",
                    "ACL SETUSER NAME resetpass, then give it one; or switch it off.");
        }
        return Result.ok("one for each of " + enabled + " users").with("users", enabled);
    }
}
