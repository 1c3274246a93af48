package ai.tatbot.state.server.doctor;

import ai.tatbot.state.server.doctor.Contact.Name;
import java.time.Duration;
import java.util.List;

/** Whether the names of Redis or its sentinels mean something. */
final class NameCheck extends Check {
    /** A resolver that takes longer holds up every reconnect. */
    private static final Duration SLOW = Duration.ofSeconds(1);

    NameCheck() {
        super(Part.CONNECTION, "name");
    }

    @Override
    Result examine(Examination examination) {
        List<Name> names = examination.contact().names();
        List<String> unknown = names.stream()
                .filter(name -> name.addresses().isEmpty())
                .map(name -> Words.safe(name.server().host()))
                .toList();
        String advice = "Check REDIS_URL or REDIS_HOST, and /etc/hosts or the name server of this network.";
        if (unknown.size() == names.size()) {
            return Result.fail("no address is known for " + Words.some(unknown, 3), advice);
        }
        if (!unknown.isEmpty()) {
            return Result.warn("no address is known for " + Words.some(unknown, 3), advice);
        }
        if (names.stream().allMatch(Name::isAddress)) {
            return Result.ok("none to look up: the address is given");
        }
        long slowest = names.stream().mapToLong(Name::nanos).max().orElse(0);
        String found = Words.some(
                names.stream()
                        .map(name -> Words.safe(name.server().host()) + " is " + Words.some(name.texts(), 2))
                        .toList(),
                3);
        return (slowest > SLOW.toNanos()
                        ? Result.warn(
                                found + ", looked up in " + Words.span(Duration.ofNanos(slowest)),
                                "Put the name into /etc/hosts: each connection waits for the name server.")
                        : Result.ok(found))
                .with("milliseconds", slowest / 1_000_000);
    }
}
