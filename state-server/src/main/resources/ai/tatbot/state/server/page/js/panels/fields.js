import { time } from '../../client/time.js';
import { h, text } from '../dom.js';
import { clock, dateTime } from '../format.js';
import { fieldOf, fieldsOf } from '../schema.js';

/**
 * Every field of a document, with title, unit and meaning from the schema; fields that the schema does not know come after, under
 * their names.
 *
 * @param {import('../types.js').Kind} kind
 * @param {string} [label]
 */
export function allFields(kind, label = 'All fields') {
    const list = h('dl', {});
    const details = h('details', { class: 'fields' }, h('summary', {}, label), list);
    /** @type {Map<string, (value: string) => void>} */
    const values = new Map();
    /** @type {import('../types.js').Doc | null} */
    let shown = null;
    let names = '';

    /** @param {string[]} wanted */
    function build(wanted) {
        values.clear();
        list.replaceChildren();
        for (const name of wanted) {
            const field = fieldOf(kind, name);
            const value = h('span', {});
            values.set(name, text(value));
            const meaning = h('dd', {}, value);
            if (field.description !== '') {
                meaning.append(h('p', { class: 'meaning' }, field.description));
            }
            list.append(h('div', {}, h('dt', {}, h('span', {}, field.title), h('code', {}, name)), meaning));
        }
    }

    function render() {
        if (!details.open || shown === null) {
            return;
        }
        const doc = shown;
        const known = [...fieldsOf(kind).keys()];
        const more = Object.keys(doc.value).filter((name) => !fieldsOf(kind).has(name));
        const wanted = [...known, ...more, 'revision', 'stored'];
        const joined = wanted.join(' ');
        if (joined !== names) {
            names = joined;
            build(wanted);
        }
        for (const [name, put] of values) {
            if (name === 'revision' && !(name in doc.value)) {
                put(doc.revision === null ? 'none' : String(doc.revision));
            } else if (name === 'stored' && !(name in doc.value)) {
                put(dateTime(doc.updatedAt));
            } else {
                put(valueText(doc.value[name], fieldOf(kind, name)));
            }
        }
    }
    details.addEventListener('toggle', render);

    return {
        element: details,
        /** @param {import('../types.js').Doc | null} doc */
        show(doc) {
            shown = doc;
            details.hidden = doc === null;
            render();
        },
    };
}

/**
 * @param {unknown} value
 * @param {import('../schema.js').Field} field
 */
function valueText(value, { isTime, unit }) {
    const tail = unit === '' ? '' : ` ${unit}`;
    if (value === undefined || value === null) {
        return 'absent';
    }
    if (typeof value === 'boolean') {
        return value ? 'yes' : 'no';
    }
    if (isTime) {
        const ms = time(value);
        return ms === null ? String(value) : clock(ms);
    }
    if (Array.isArray(value)) {
        return value.map((item) => (typeof item === 'number' ? String(Math.round(item * 1e4) / 1e4) : String(item))).join('  ') + tail;
    }
    if (typeof value === 'number') {
        return String(Math.round(value * 1e4) / 1e4) + tail;
    }
    return typeof value === 'string' ? value : JSON.stringify(value);
}
