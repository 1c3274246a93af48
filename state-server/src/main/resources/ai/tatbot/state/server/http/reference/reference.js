/** Shows the server's OpenAPI document. Whatever is in it only ever becomes text. */

import { h } from '/assets/js/dom.js';
import { startTheme, toggleTheme } from '/assets/js/theme.js';

const DOCUMENT = '/api/v1/openapi.json';
const SCHEMAS = '#/components/schemas/';

const content = element('content');
const contents = element('contents');
const state = element('state');

function element(id) {
    const found = document.getElementById(id);
    if (found === null) {
        throw new Error(`there is no element ${id}`);
    }
    return found;
}

startTheme();
element('theme').addEventListener('click', toggleTheme);

try {
    const response = await fetch(DOCUMENT, { headers: { Accept: 'application/json' } });
    if (!response.ok) {
        throw new Error(
            response.status === 401 ? 'log in on the page first: this server wants a token' : `status ${response.status}`,
        );
    }
    show(await response.json());
    state.remove();
} catch (failure) {
    state.textContent = `The document could not be loaded: ${failure.message}.`;
}

function show(api) {
    element('title').textContent = api.info.title;
    for (const paragraph of api.info.description.split('\n\n')) {
        content.append(h('p', { class: 'lead' }, paragraph));
    }
    content.append(h('p', { class: 'lead note' }, `Version ${api.info.version}, OpenAPI ${api.openapi}`));
    const operations = Object.entries(api.paths).flatMap(([path, methods]) =>
        Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
    );
    for (const { name } of api.tags) {
        content.append(h('h2', {}, name));
        contents.append(h('h2', {}, name));
        for (const one of operations.filter(({ operation }) => operation.tags.includes(name))) {
            content.append(operationCard(api, one));
            contents.append(h('a', { href: `#${one.operation.operationId}` }, one.operation.summary));
        }
    }
    content.append(h('h2', {}, 'Schemas'));
    const schemas = h('div', { class: 'schemas' }, h('h2', {}, 'Schemas'));
    for (const [name, schema] of Object.entries(api.components.schemas)) {
        content.append(schemaCard(name, schema));
        schemas.append(h('a', { href: `#schema-${name}` }, name));
    }
    contents.append(schemas);
    markCurrent();
    addEventListener('hashchange', markCurrent);
    // What was asked for in the address was not there when the browser looked.
    if (location.hash.length > 1) {
        document.getElementById(decodeURIComponent(location.hash.slice(1)))?.scrollIntoView();
    }
}

function markCurrent() {
    for (const link of contents.querySelectorAll('a')) {
        if (link.getAttribute('href') === location.hash) {
            link.setAttribute('aria-current', 'true');
        } else {
            link.removeAttribute('aria-current');
        }
    }
}

function operationCard(api, { path, method, operation }) {
    const id = operation.operationId;
    const scopes = operation.security.flatMap((way) => Object.values(way).flat());
    const card = h(
        'section',
        { class: 'card', id, 'aria-labelledby': `${id}-title` },
        h(
            'h3',
            { id: `${id}-title` },
            h('span', { class: 'method', 'data-method': method }, method.toUpperCase()),
            h('a', { href: `#${id}` }, h('code', {}, path)),
            h('span', { class: 'scope' }, scopes.length === 0 ? 'open to all' : `scope ${scopes[0]}`),
        ),
        h('p', {}, h('strong', {}, `${operation.summary}.`), ` ${operation.description}`),
    );
    if (operation.parameters !== undefined) {
        card.append(
            h('h4', {}, 'Parameters'),
            table(
                'Parameters',
                operation.parameters.map((parameter) =>
                    row(parameter.name, parameter.required, parameter.schema, parameter.description, `in ${parameter.in}`),
                ),
            ),
        );
    }
    const body = operation.requestBody?.content['application/json'].schema;
    if (body !== undefined) {
        card.append(h('h4', {}, 'Body'), h('p', {}, 'application/json, ', ...typeOf(body)));
    }
    card.append(h('h4', {}, 'Answers'), answers(api, operation));
    const events = operation.responses['200']?.content?.['text/event-stream']?.['x-events'];
    if (events !== undefined) {
        card.append(
            h('h4', {}, 'Events of the stream'),
            h(
                'dl',
                { class: 'events' },
                ...Object.entries(events).flatMap(([event, schema]) => [
                    h('dt', {}, h('code', {}, event)),
                    h('dd', {}, ...typeOf(schema), ' ', target(api, schema)?.description ?? ''),
                ]),
            ),
        );
    }
    card.append(h('h4', {}, 'Example'), example(curl(api, path, method, operation, scopes)));
    return card;
}

function answers(api, operation) {
    const all = Object.entries(operation.responses);
    const problems = all.filter(([, given]) => given.$ref !== undefined);
    const rows = all
        .filter(([, given]) => given.$ref === undefined)
        .map(([status, response]) =>
            h(
                'tr',
                {},
                h('th', { scope: 'row' }, h('code', {}, status)),
                h('td', { class: 'type' }, ...Object.entries(response.content ?? {}).flatMap(contentOf)),
                h('td', {}, response.description),
            ),
        );
    const words = problems.map(([status, given]) => `${status} ${target(api, given).description.replace(/[.]$/, '')}`);
    return h(
        'div',
        {},
        table('Answers', rows),
        h('p', { class: 'otherwise' }, 'Otherwise a ', ...typeOf({ $ref: `${SCHEMAS}Problem` }), `: ${words.join(', ')}.`),
    );
}

function contentOf([type, { schema }]) {
    return schema?.$ref === undefined ? [type] : [...typeOf(schema), h('span', { class: 'limits' }, type)];
}

function curl(api, path, method, operation, scopes) {
    let address = path;
    const query = [];
    for (const parameter of operation.parameters ?? []) {
        if (parameter.example !== undefined && parameter.in === 'path') {
            address = address.replace(`{${parameter.name}}`, String(parameter.example));
        } else if (parameter.example !== undefined && parameter.in === 'query') {
            query.push(`${parameter.name}=${encodeURIComponent([parameter.example].flat().join(','))}`);
        }
    }
    const url = `${location.origin}${address}${query.length === 0 ? '' : `?${query.join('&')}`}`;
    const stream = operation.responses['200']?.content?.['text/event-stream'] !== undefined;
    const parts = [`curl${stream ? ' -N' : ''}${method === 'get' ? '' : ` -X ${method.toUpperCase()}`} '${url}'`];
    if (scopes.length > 0) {
        parts.push(`-H "Authorization: Bearer $TATBOT_TOKEN"`);
    }
    const body = operation.requestBody?.content['application/json'].schema;
    if (body !== undefined) {
        parts.push(`-H 'Content-Type: application/json'`, `-d '${JSON.stringify(sample(api, body))}'`);
    }
    return parts.join(' \\\n  ');
}

/** A value that fits a schema, as far as one can be made up. */
function sample(api, schema) {
    const resolved = target(api, schema) ?? schema;
    if (resolved.examples !== undefined) {
        return resolved.examples[0];
    }
    if (resolved.enum !== undefined) {
        return resolved.enum[0];
    }
    if (resolved.anyOf !== undefined) {
        return sample(api, resolved.anyOf[0]);
    }
    if (resolved.type === 'object') {
        return Object.assign(
            {},
            ...(resolved.allOf ?? []).map((base) => sample(api, base)),
            ...(resolved.required ?? [])
                .filter((name) => resolved.properties?.[name] !== undefined)
                .map((name) => ({ [name]: sample(api, resolved.properties[name]) })),
        );
    }
    if (resolved.format === 'utc-time') {
        return '2026-11-22T10:00:00.000000Z';
    }
    return resolved.type === 'integer' || resolved.type === 'number' ? (resolved.minimum ?? 0) : 'hog';
}

function example(text) {
    const copy = h('button', { type: 'button', class: 'quiet' }, 'Copy');
    copy.addEventListener('click', async () => {
        try {
            await navigator.clipboard.writeText(text);
            copy.textContent = 'Copied';
        } catch {
            copy.textContent = 'Not allowed';
        }
    });
    return h('div', { class: 'example' }, h('pre', { tabindex: '0' }, h('code', {}, text)), copy);
}

function schemaCard(name, schema) {
    const id = `schema-${name}`;
    const card = h(
        'section',
        { class: 'card', id, 'aria-labelledby': `${id}-title` },
        h('h3', { id: `${id}-title` }, h('a', { href: `#${id}` }, h('code', {}, name)), h('span', { class: 'scope' }, schema.title ?? '')),
    );
    if (schema.description !== undefined) {
        card.append(h('p', {}, schema.description));
    }
    if (schema.externalDocs !== undefined) {
        card.append(h('p', { class: 'note' }, 'Schema file: ', h('a', { href: schema.externalDocs.url }, schema.externalDocs.url)));
    }
    for (const base of schema.allOf ?? []) {
        card.append(h('p', {}, 'With all fields of ', ...typeOf(base), '.'));
    }
    if (schema.properties !== undefined) {
        card.append(
            h('h4', {}, 'Fields'),
            table(
                `Fields of ${name}`,
                Object.entries(schema.properties).map(([field, of]) =>
                    row(field, (schema.required ?? []).includes(field), of, of.description ?? '', ''),
                ),
            ),
        );
    } else {
        card.append(h('p', {}, ...typeOf({ ...schema, title: undefined }), limits(schema, '')));
    }
    return card;
}

function table(caption, rows) {
    return h(
        'table',
        { 'aria-label': caption },
        h(
            'thead',
            {},
            h('tr', {}, ...['Name', 'Type', 'Description'].map((head) => h('th', { scope: 'col' }, head))),
        ),
        h('tbody', {}, ...rows),
    );
}

function row(name, required, schema, description, place) {
    return h(
        'tr',
        {},
        h(
            'th',
            { scope: 'row' },
            h('code', {}, name),
            ...(required ? [h('span', { class: 'needed' }, 'required')] : []),
        ),
        h('td', { class: 'type' }, ...typeOf(schema), limits(schema, place)),
        h('td', {}, description),
    );
}

/** What kind of value it is: words, and links to other schemas. */
function typeOf(schema) {
    if (schema.$ref !== undefined) {
        const [name, ...rest] = schema.$ref.slice(SCHEMAS.length).split('/');
        const shown = rest.length === 0 ? name : `${name}.${rest.at(-1)}`;
        return [h('a', { href: `#schema-${name}` }, shown)];
    }
    if (schema.anyOf !== undefined) {
        return schema.anyOf.flatMap((one, index) => [...(index === 0 ? [] : [' or ']), ...typeOf(one)]);
    }
    if (schema.const !== undefined) {
        return [h('code', {}, JSON.stringify(schema.const))];
    }
    const types = [schema.type ?? 'anything'].flat();
    return types.flatMap((type, index) => [
        ...(index === 0 ? [] : [' or ']),
        ...(type === 'array' && schema.items !== undefined ? ['list of ', ...typeOf(schema.items)] : [type]),
    ]);
}

function limits(schema, place) {
    const said = [
        place,
        schema['x-unit'] === undefined ? '' : `unit ${schema['x-unit']}`,
        schema.minimum === undefined ? '' : `at least ${schema.minimum}`,
        schema.maximum === undefined ? '' : `at most ${schema.maximum}`,
        schema.maxItems === undefined ? '' : `at most ${schema.maxItems} items`,
        schema.maxLength === undefined ? '' : `at most ${schema.maxLength} characters`,
        schema.default === undefined ? '' : `default ${JSON.stringify(schema.default)}`,
        schema.enum === undefined ? '' : schema.enum.join(', '),
        schema.pattern === undefined ? '' : schema.pattern,
    ];
    return h('span', { class: 'limits' }, said.filter((one) => one !== '').join(' · '));
}

function target(api, schema) {
    return schema.$ref === undefined
        ? undefined
        : schema.$ref
              .slice(2)
              .split('/')
              .reduce((node, step) => node?.[step], api);
}
