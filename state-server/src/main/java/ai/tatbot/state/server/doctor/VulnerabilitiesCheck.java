package ai.tatbot.state.server.doctor;

import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Whether this Redis has vulnerabilities that are known. Distributions mend a version without changing its number; so on the machine of
 * Redis its package is judged, and elsewhere nothing can be told of a version that a distribution ships.
 */
final class VulnerabilitiesCheck extends Check {
    /** dpkg unpacks some seconds before it is done. */
    private static final Duration UNPACKING = Duration.ofMinutes(1);

    private final Vulnerabilities known = Vulnerabilities.packaged();

    VulnerabilitiesCheck() {
        super(Part.REDIS, "vulnerabilities");
    }

    @Override
    Result examine(Examination examination) {
        Product product = Product.of(examination.info());
        boolean tls = examination.options().tls();
        List<Vulnerability> concerned = known.all().stream()
                .filter(one -> one.concerns(product) && (tls || !one.onlyWithTls()))
                .toList();
        Optional<InstalledPackage> installed = InstalledPackage.of(examination);
        Result result =
                installed.map(found -> judge(found, concerned, examination)).orElseGet(() -> judge(product, concerned));
        return result.with("as_of", known.asOf());
    }

    /** By its number, as upstream released it. */
    private Result judge(Product product, List<Vulnerability> concerned) {
        if (concerned.isEmpty()) {
            return Result.ok("none known in " + product + ", as of " + known.asOf());
        }
        if (known.isDistributed(product)) {
            return Result.ok("distributions mend " + product
                            + " without changing its number: run doctor on the machine of Redis to know")
                    .with("upstream", ids(concerned));
        }
        return found(
                product + " has " + numbers(concerned) + " known vulnerabilities: " + texts(concerned),
                "Upgrade Redis; best take it from the distribution, which mends it.",
                concerned);
    }

    private Result judge(InstalledPackage installed, List<Vulnerability> concerned, Examination examination) {
        String name = installed.name() + " " + installed.version().text();
        List<Vulnerability> open = concerned.stream()
                .filter(one -> one.concerns(installed.version()).orElse(false))
                .toList();
        if (!open.isEmpty()) {
            return found(
                    name + " has " + numbers(open) + " known vulnerabilities: " + texts(open),
                    "apt-get update && apt-get install --only-upgrade " + installed.name() + ", then restart Redis.",
                    open);
        }
        Duration running = Duration.ofSeconds(examination.info().numberOrZero("uptime_in_seconds"));
        if (examination.now().minus(running).plus(UNPACKING).isBefore(installed.installed())) {
            return Result.warn(
                    name + " is installed, but Redis has run since before that",
                    "Restart Redis, so that it is the version that is installed.");
        }
        long unknown = concerned.stream()
                .filter(one -> one.concerns(installed.version()).isEmpty())
                .count();
        if (unknown > 0
                && concerned.stream()
                        .noneMatch(one -> one.concerns(installed.version()).isPresent())) {
            throw new NotCheckedException("nothing is known of " + name
                    + ", which its distribution mends by its own versions: see" + " apt list --upgradable");
        }
        return Result.ok("none known in " + name + ", as of " + known.asOf()).with("package", name);
    }

    private static Result found(String found, String advice, List<Vulnerability> concerned) {
        return (concerned.stream().allMatch(Vulnerability::needsLogin)
                        ? Result.warn(found, advice)
                        : Result.fail(found, advice))
                .with("vulnerabilities", ids(concerned));
    }

    private static int numbers(List<Vulnerability> vulnerabilities) {
        return ids(vulnerabilities).size();
    }

    /** Those for which one need not be let in come first. */
    private static String texts(List<Vulnerability> vulnerabilities) {
        List<String> texts = vulnerabilities.stream()
                .sorted(Comparator.comparing(Vulnerability::needsLogin))
                .map(one -> one.names() + " (" + one.what() + ")")
                .collect(Collectors.toList());
        return Words.some(texts, 2);
    }

    private static List<String> ids(List<Vulnerability> vulnerabilities) {
        return vulnerabilities.stream().flatMap(one -> one.ids().stream()).toList();
    }
}
