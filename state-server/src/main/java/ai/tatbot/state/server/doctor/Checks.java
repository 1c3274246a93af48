package ai.tatbot.state.server.doctor;

import java.util.ArrayList;
import java.util.List;

/** Every check, in the order in which they are run and shown. */
final class Checks {
    private Checks() {}

    /** Those that are wanted. */
    static List<Check> of(Patient patient) {
        List<Check> checks = new ArrayList<>(List.of(
                new ConfigurationCheck(),
                new SecretsCheck(),
                new NameCheck(),
                new ConnectionCheck(),
                new TlsCheck(),
                new CertificateCheck(),
                new LoginCheck(),
                new StrangersCheck(),
                new RightsCheck(),
                new ExcessCheck(),
                new PasswordsCheck(),
                new VersionCheck(),
                new VulnerabilitiesCheck(),
                new PersistenceCheck(),
                new DiskCheck(),
                new EvictionPolicyCheck(),
                new EvictedKeysCheck(),
                new MemoryLimitCheck(),
                new MemoryCheck(),
                new ReplicasCheck(),
                new SentinelsCheck(),
                new LatencyCheck(),
                new ClockCheck(),
                new MessagesCheck(),
                new KeyEventsCheck(),
                new NodesCheck(),
                new NodeClocksCheck(),
                new SoftwareVersionsCheck(),
                new SessionsCheck(),
                new DocumentsCheck(),
                new EventsCheck(),
                new EventLogCheck(),
                new IndexCheck()));
        if (patient.deep()) {
            checks.addAll(List.of(
                    new StageCheck(),
                    new SessionPlayCheck(),
                    new SessionEventsCheck(),
                    new MirrorPlayCheck(),
                    new LateJoinerCheck(),
                    new DeliveryCheck(),
                    new UpdateRateCheck(),
                    new PublisherPlayCheck(),
                    new HeartbeatPlayCheck(),
                    new TidyCheck()));
        }
        return List.copyOf(checks);
    }
}
