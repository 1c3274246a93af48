import { h } from '../dom.js';

/**
 * The frame that all panels share: a landmark with a heading, room for controls beside it, and a body.
 *
 * @param {string} id
 * @param {string} title
 */
export function panel(id, title) {
    const controls = h('div', { class: 'controls' });
    const age = h('p', { class: 'age', hidden: true });
    const body = h('div', { class: 'body' }, h('p', { class: 'waiting' }, 'Waiting for the server.'));
    const section = h(
        'section',
        { id, class: 'panel', 'aria-labelledby': `${id}-title` },
        h('header', {}, h('h2', { id: `${id}-title` }, title), age, controls),
        body,
    );
    return { section, controls, body, age };
}

/**
 * What stands where there is nothing to show: that it is so, and what to do about it.
 *
 * @param {string} what
 * @param {string} how
 * @param {string} [command] to be typed
 */
export function empty(what, how, command) {
    const element = h('div', { class: 'empty' }, h('p', { class: 'what' }, what), h('p', { class: 'how' }, how));
    if (command !== undefined) {
        element.append(h('code', {}, command));
    }
    return element;
}

/**
 * A choice among names, shown only if there is more than one.
 *
 * @param {string} label
 * @param {(value: string) => void} onChoose
 */
export function choice(label, onChoose) {
    const select = h('select', { 'aria-label': label });
    const box = h('label', { class: 'choice', hidden: true }, select);
    let known = '';
    select.addEventListener('change', () => onChoose(select.value));
    return {
        box,
        /**
         * @param {{ value: string, label: string }[]} options
         * @param {string} chosen
         */
        offer(options, chosen) {
            const wanted = JSON.stringify(options);
            if (wanted !== known) {
                known = wanted;
                select.replaceChildren(...options.map((option) => h('option', { value: option.value }, option.label)));
                box.hidden = options.length < 2;
            }
            if (select.value !== chosen && document.activeElement !== select) {
                select.value = chosen;
            }
        },
    };
}
