package ai.tatbot.state.client;

import ai.tatbot.state.model.Document;
import ai.tatbot.state.model.Versioned;
import java.util.List;

/**
 * All documents of one kind, and those that could not be read.
 *
 * @param values the documents, in the order of their keys
 * @param problems one for each document that was left out, and why
 */
public record StateList<T extends Document>(List<Versioned<T>> values, List<Problem> problems) {}
