package ai.tatbot.state.client;

import ai.tatbot.state.client.internal.DocumentWriter;
import ai.tatbot.state.client.internal.SessionLeases;
import java.time.Duration;

/** What a session needs of its manager. */
record SessionWriting(DocumentWriter writer, SessionLeases leases, Duration lease) {}
