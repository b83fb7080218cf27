import { expect, test } from 'vitest';

import { bindingOf, keymapOf, readableKey } from '../src/lib/state/keys';
import { COMMANDS } from './fake';

const base = COMMANDS.en[0]!;
const table = [
  { ...base, id: 'redo', keys: ['Mod+Shift+Z'] },
  { ...base, id: 'sharp', keys: ['+'] },
  { ...base, id: 'zoom-in', keys: ['Mod++'] },
  { ...base, id: 'octave-up', keys: ['Mod+ArrowUp'] },
  { ...base, id: 'interval', keys: [], keyedArguments: [['Alt+3', '3']] as [string, string][] },
  { ...base, id: 'play', keys: ['Space'] },
  { ...base, id: 'later', keys: ['Space'] },
];

function press(key: string, held: Partial<KeyboardEventInit> = {}, mac = false) {
  const binding = bindingOf(keymapOf(table), new KeyboardEvent('keydown', { key, ...held }), mac);
  return binding && [binding.command.id, binding.argument];
}

test.each([
  ['z', { ctrlKey: true, shiftKey: true }, ['redo', null]],
  ['Z', { ctrlKey: true, shiftKey: true }, ['redo', null]],
  ['z', { ctrlKey: true }, undefined],
  ['+', {}, ['sharp', null]],
  ['+', { shiftKey: true }, ['sharp', null]],
  ['+', { ctrlKey: true, shiftKey: true }, ['zoom-in', null]],
  ['ArrowUp', { ctrlKey: true }, ['octave-up', null]],
  ['ArrowUp', {}, undefined],
  ['£', { altKey: true, code: 'Digit3' }, ['interval', '3']],
  [' ', {}, ['play', null]],
])('%s with %o runs %o', (key, held, expected) => {
  expect(press(key, held)).toEqual(expected);
});

test('Command stands for Ctrl on a Mac, and Ctrl does not', () => {
  expect(press('ArrowUp', { metaKey: true }, true)).toEqual(['octave-up', null]);
  expect(press('ArrowUp', { ctrlKey: true }, true)).toBeUndefined();
});

test('keys are written as people write them', () => {
  expect(readableKey('Mod+Shift+Z', false)).toBe('Ctrl+Shift+Z');
  expect(readableKey('Mod+ArrowUp', true)).toBe('⌘↑');
  expect(readableKey('Mod++', false)).toBe('Ctrl++');
  expect(readableKey('Delete', false)).toBe('Del');
});
