/** The client as the build has made it. */
const client = new URL('../target/classes/ai/tatbot/state/typescript/client/', import.meta.url);

/** @param {string} name */
export const load = (name) => import(new URL(name, client).href);
