/** Where the page's modules are. */
export const page = new URL('../../../../main/resources/ai/tatbot/state/server/page/js/', import.meta.url);

/** @param {string} name */
export const load = (name) => import(new URL(name, page).href);
