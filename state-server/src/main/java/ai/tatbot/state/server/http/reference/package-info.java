/** The API's own description: an OpenAPI document, made from a table of operations and the schema, and a page that shows it. */
@NullMarked
package ai.tatbot.state.server.http.reference;

import org.jspecify.annotations.NullMarked;
