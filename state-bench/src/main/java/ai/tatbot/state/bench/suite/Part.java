package ai.tatbot.state.bench.suite;

import java.util.Locale;

/** The sections, in the order in which they run. */
enum Part {
    UPDATE(UpdateSections::one),
    CALLERS(UpdateSections::callers),
    PIPELINED(UpdateSections::pipelined),
    SERVER(UpdateSections::server),
    MIRROR(ReadSections::mirror),
    READ(ReadSections::network),
    WATCH(ReadSections::watch),
    OFFERS(OperationSections::offers),
    STATUS(FactSections::status),
    MEMORY(FactSections::memory),
    CLASSPATH(FactSections::classPath),
    PROMISES(Promises::run),
    OPERATIONS(OperationSections::operations),
    CODEC(OperationSections::codec),
    CURVE_NODES(CurveSections::nodes),
    CURVE_WATCHERS(CurveSections::watchers),
    CURVE_DOCUMENTS(CurveSections::documents),
    CURVE_EVENTS(CurveSections::events),
    CURVE_CALLERS(CurveSections::callers);

    @SuppressWarnings("ImmutableEnumChecker") // methods without a state
    private final Section section;

    Part(Section section) {
        this.section = section;
    }

    /** By which it is run alone. */
    String id() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    Section section() {
        return section;
    }
}
