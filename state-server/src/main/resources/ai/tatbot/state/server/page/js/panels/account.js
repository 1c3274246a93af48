import { StateError } from '../../client/problem.js';
import { attribute, h, shown, text } from '../dom.js';
import { isDark, onTheme, toggleTheme } from '../theme.js';

/**
 * Who looks, and in which light.
 *
 * @param {import('../live.js').Live} live
 */
export function account(live) {
    const who = h('p', { class: 'who' });
    const logout = h('button', { type: 'button', class: 'quiet', hidden: true }, 'Log out');
    const theme = h('button', { type: 'button', class: 'quiet' });
    const element = h('div', { id: 'account' }, who, logout, theme);
    const putTheme = text(theme);
    const putWho = text(who);
    const logoutShown = shown(logout);
    const showTheme = () => putTheme(isDark() ? 'Light' : 'Dark');
    const name = attribute(theme, 'aria-label');
    const label = () => name(`Switch to the ${isDark() ? 'light' : 'dark'} theme`);
    theme.addEventListener('click', toggleTheme);
    onTheme(() => {
        showTheme();
        label();
    });
    showTheme();
    label();
    logout.addEventListener('click', async () => {
        await live.client.logout().catch(() => {});
        location.reload();
    });

    let asked = false;
    live.onPhase(async () => {
        if (live.stream.phase !== 'live') {
            asked = asked && live.stream.phase !== 'locked';
            return;
        }
        if (asked) {
            return;
        }
        asked = true;
        try {
            const { name: user, scopes } = await live.client.whoami();
            putWho(`${user}: ${scopes.join(', ')}`);
            logoutShown(user !== 'loopback');
        } catch {
            asked = false;
        }
    });
    return element;
}

/**
 * Asks for a token, when the server wants one.
 *
 * @param {import('../live.js').Live} live
 */
export function login(live) {
    const token = h('input', { id: 'token', type: 'password', autocomplete: 'current-password', required: true, spellcheck: 'false' });
    const error = h('p', { class: 'problem', role: 'alert' });
    const form = h(
        'form',
        {},
        h('h2', { id: 'login-title' }, 'Log in'),
        h('p', {}, 'This server shows the fleet to those who have a token.'),
        h('label', { for: 'token' }, 'Token'),
        token,
        error,
        h('button', { type: 'submit', class: 'primary' }, 'Log in'),
        h('p', { class: 'how' }, 'Whoever runs the server makes one: ', h('code', {}, 'tatbot-state token new')),
    );
    const dialog = h('dialog', { id: 'login', 'aria-labelledby': 'login-title' }, form);
    const put = text(error);
    dialog.addEventListener('cancel', (event) => event.preventDefault());
    form.addEventListener('submit', async (event) => {
        event.preventDefault();
        put('');
        try {
            await live.client.login(token.value);
            token.value = '';
            dialog.close();
            live.stream.start();
        } catch (e) {
            const answered = e instanceof StateError && e.status !== 0;
            put(!answered ? 'The server does not answer.' : e.status === 401 ? 'The server does not know this token.' : e.detail);
            token.select();
        }
    });
    live.onPhase(() => {
        if (live.stream.phase === 'locked' && !dialog.open) {
            dialog.showModal();
        }
    });
    return dialog;
}
