/** Making and changing elements. Text from outside only ever becomes text. */

/**
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} tag
 * @param {Record<string, string | boolean | number>} [attributes] `class`, `aria-...`; true: present
 * @param {...(Node | string)} children
 * @returns {HTMLElementTagNameMap[K]}
 */
export function h(tag, attributes = {}, ...children) {
    const element = document.createElement(tag);
    set(element, attributes);
    element.append(...children);
    return element;
}

/**
 * @template {keyof SVGElementTagNameMap} K
 * @param {K} tag
 * @param {Record<string, string | boolean | number>} [attributes]
 * @param {...(Node | string)} children
 * @returns {SVGElementTagNameMap[K]}
 */
export function svg(tag, attributes = {}, ...children) {
    const element = document.createElementNS('http://www.w3.org/2000/svg', tag);
    set(element, attributes);
    element.append(...children);
    return element;
}

/**
 * @param {Element} element
 * @param {Record<string, string | boolean | number>} attributes
 */
function set(element, attributes) {
    for (const [name, value] of Object.entries(attributes)) {
        if (value !== false) {
            element.setAttribute(name, value === true ? '' : String(value));
        }
    }
}

/**
 * A setter of an element's text that touches the document only when the text is another.
 *
 * @param {Element} element
 * @returns {(text: string) => void}
 */
export function text(element) {
    let last = element.textContent;
    return (value) => {
        if (value !== last) {
            last = value;
            element.textContent = value;
        }
    };
}

/**
 * The same for an attribute; null takes it away.
 *
 * @param {Element} element
 * @param {string} name
 * @returns {(value: string | null) => void}
 */
export function attribute(element, name) {
    let last = element.getAttribute(name);
    return (value) => {
        if (value !== last) {
            last = value;
            if (value === null) {
                element.removeAttribute(name);
            } else {
                element.setAttribute(name, value);
            }
        }
    };
}

/**
 * The same for whether it is shown.
 *
 * @param {HTMLElement | SVGElement} element
 * @returns {(shown: boolean) => void}
 */
export function shown(element) {
    const hidden = attribute(element, 'hidden');
    return (value) => hidden(value ? null : '');
}

/**
 * The same for a property of its style, a number in some unit; changes too small to be seen are left out.
 *
 * @param {HTMLElement | SVGElement} element
 * @param {string} property
 * @param {(value: number) => string} format
 * @param {number} least
 * @returns {(value: number) => void}
 */
export function styled(element, property, format, least) {
    let last = NaN;
    return (value) => {
        if (!(Math.abs(value - last) < least)) {
            last = value;
            element.style.setProperty(property, format(value));
        }
    };
}

/** @param {string} id */
export function byId(id) {
    const element = document.getElementById(id);
    if (element === null) {
        throw new Error(`the page has no #${id}`);
    }
    return element;
}
