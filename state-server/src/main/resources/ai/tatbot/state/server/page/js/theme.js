/** Dark or light: as the system says, unless someone has chosen here. Also what the colours are, for what is drawn by hand. */

const KEY = 'tatbot-theme';
const dark = matchMedia('(prefers-color-scheme: dark)');
/** Nobody is to be moved about who does not want it. */
const still = matchMedia('(prefers-reduced-motion: reduce)');

/** @type {(() => void)[]} */
const listeners = [];
/** @type {Map<string, string>} */
const colours = new Map();
/** @type {HTMLElement | null} */
let probe = null;

/** @param {() => void} listener called when the colours are others */
export function onTheme(listener) {
    listeners.push(listener);
}

export function isDark() {
    const chosen = document.documentElement.dataset['theme'];
    return chosen === undefined ? dark.matches : chosen === 'dark';
}

export function prefersStill() {
    return still.matches;
}

/** @param {string} [asked] 'dark' or 'light', from the address */
export function startTheme(asked) {
    const chosen = asked ?? stored();
    if (chosen === 'dark' || chosen === 'light') {
        document.documentElement.dataset['theme'] = chosen;
    }
    dark.addEventListener('change', changed);
}

export function toggleTheme() {
    const next = isDark() ? 'light' : 'dark';
    document.documentElement.dataset['theme'] = next;
    try {
        localStorage.setItem(KEY, next);
    } catch {
        // A browser that keeps nothing shows it until it is closed.
    }
    changed();
}

/**
 * The value of a custom property that is a colour, as canvases understand it.
 *
 * @param {string} name such as `--ink`
 */
export function colour(name) {
    let value = colours.get(name);
    if (value === undefined) {
        if (probe === null) {
            probe = document.createElement('span');
            probe.hidden = true;
            document.body.append(probe);
        }
        probe.style.color = `var(${name})`;
        value = getComputedStyle(probe).color;
        colours.set(name, value);
    }
    return value;
}

function changed() {
    colours.clear();
    listeners.forEach((listener) => listener());
}

function stored() {
    try {
        return localStorage.getItem(KEY);
    } catch {
        return null;
    }
}
