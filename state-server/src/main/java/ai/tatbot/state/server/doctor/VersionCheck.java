package ai.tatbot.state.server.doctor;

/** Whether this Redis is one that the client was made for. */
final class VersionCheck extends Check {
    private static final Version OLDEST_REDIS = new Version(6, 2, 0);
    private static final int NEWEST_REDIS = 8;
    private static final Version OLDEST_VALKEY = new Version(7, 2, 0);
    private static final int NEWEST_VALKEY = 8;

    VersionCheck() {
        super(Part.REDIS, "version");
    }

    @Override
    Result examine(Examination examination) {
        Product product = Product.of(examination.info());
        boolean valkey = product.isValkey();
        String found = product.toString();
        Result result;
        if (product.version().compareTo(valkey ? OLDEST_VALKEY : OLDEST_REDIS) < 0) {
            result = Result.fail(
                    found + " is too old", "Take Redis 6.2 to 8 or Valkey 7.2 to 8, best from the distribution.");
        } else if (product.version().major() > (valkey ? NEWEST_VALKEY : NEWEST_REDIS)) {
            result = Result.warn(
                    found + " is newer than what was tried", "Run tatbot-state doctor --deep, which tries everything.");
        } else {
            result = Result.ok(found + " is supported");
        }
        return result.with("kind", product.kind())
                .with("version", product.version().toString());
    }
}
