package ai.tatbot.state.client;

import ai.tatbot.state.client.internal.DocumentWriter;
import ai.tatbot.state.client.internal.SessionLeases;
import ai.tatbot.state.client.internal.SessionReader;
import java.time.Duration;

/** What a session needs of its manager. */
record SessionWriting(SessionReader sessions, DocumentWriter writer, SessionLeases leases, Duration lease) {}
