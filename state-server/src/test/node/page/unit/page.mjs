import { registerHooks } from 'node:module';

/** Where the page's modules are, and the client that the server serves beside them. */
export const page = new URL('../../../../main/resources/ai/tatbot/state/server/page/js/', import.meta.url);
const client = new URL('../../../../../../schema/typescript/target/classes/ai/tatbot/state/typescript/client/', import.meta.url);

registerHooks({
    resolve: (specifier, context, next) => next(specifier.replace(/^(?:[.][.]\/)+client\//, () => client.href), context),
});

/** @param {string} name */
export const load = (name) => import(new URL(name, page).href);
