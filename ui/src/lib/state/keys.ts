/** From a pressed key to the command of the table that it runs. */

import type { CommandView } from '../host/backend';

/** What one key runs: a command and the argument that the key stands for. */
export interface Binding {
  command: CommandView;
  argument: string | null;
}

export type Keymap = ReadonlyMap<string, Binding>;

const MAC = typeof navigator !== 'undefined' && /Mac/.test(navigator.platform);

/** The keymap of a command table. Where two commands name the same key the first keeps it. */
export function keymapOf(commands: readonly CommandView[]): Keymap {
  const map = new Map<string, Binding>();
  const bind = (key: string, binding: Binding) => {
    const name = normal(key);
    if (!map.has(name)) map.set(name, binding);
  };
  for (const command of commands) {
    for (const key of command.keys) bind(key, { command, argument: null });
    for (const [key, argument] of command.keyedArguments) bind(key, { command, argument });
  }
  return map;
}

/** The binding of a pressed key, if there is one. */
export function bindingOf(map: Keymap, event: KeyboardEvent, mac = MAC): Binding | undefined {
  for (const name of namesOf(event, mac)) {
    const binding = map.get(name);
    if (binding) return binding;
  }
  return undefined;
}

/** Modifiers in one order, so that `Shift+Mod+Z` and `Mod+Shift+Z` are the same key. */
function normal(key: string): string {
  // The last word may itself be a plus sign: `Mod++`.
  const words = key === '+' ? ['+'] : key.endsWith('++') ? [...key.slice(0, -2).split('+'), '+'] : key.split('+');
  const last = words.pop() ?? '';
  const modifiers = ['Mod', 'Ctrl', 'Alt', 'Shift'].filter((word) => words.includes(word));
  return [...modifiers, last].join('+');
}

/** The names under which a pressed key may stand in the table, the most exact first. */
function namesOf(event: KeyboardEvent, mac: boolean): string[] {
  const last = nameOf(event.key);
  const digit = /^(?:Digit|Numpad)(\d)$/.exec(event.code)?.[1];
  const mod = mac ? event.metaKey : event.ctrlKey;
  const other = mac ? event.ctrlKey : event.metaKey;
  const modifiers = [...(mod ? ['Mod'] : []), ...(other ? ['Ctrl'] : []), ...(event.altKey ? ['Alt'] : [])];
  const withShift = event.shiftKey ? [...modifiers, 'Shift'] : modifiers;
  const names = [[...withShift, last].join('+')];
  // Shift+2 types `"` or `@`, by layout: the digit is what the table means. And a sign that needs Shift is named without it.
  if (digit !== undefined && digit !== last) names.push([...withShift, digit].join('+'));
  if (event.shiftKey && last.length === 1 && !/[A-Z0-9]/.test(last)) names.push([...modifiers, last].join('+'));
  return names;
}

function nameOf(key: string): string {
  if (key === ' ') return 'Space';
  return key.length === 1 ? key.toUpperCase() : key;
}

const SIGNS: Record<string, string> = { ArrowUp: '↑', ArrowDown: '↓', ArrowLeft: '←', ArrowRight: '→', Escape: 'Esc', Delete: 'Del' };

/** A key as people write it. */
export function readableKey(key: string, mac = MAC): string {
  return normal(key)
    .replace('Mod+', mac ? '⌘' : 'Ctrl+')
    .replace(/[A-Za-z]+$/, (word) => SIGNS[word] ?? word);
}
