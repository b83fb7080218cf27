import { beforeEach, expect, test } from 'vitest';

import { OpenScore } from '../src/lib/state/open-score.svelte';
import { Waiting } from '../src/lib/state/waiting.svelte';
import { FakeBackend } from './fake';

let backend: FakeBackend;
let score: OpenScore;

beforeEach(async () => {
  backend = new FakeBackend();
  backend.add('Morning');
  score = await OpenScore.open(backend, new Waiting(), 'score-1');
});

const pictures = () => score.pages.map((page) => page.systems.map((system) => system.svg));

test('an edit replaces the page it touches and keeps the other as it is', async () => {
  const [first, second] = score.pages;
  const kept = first!.systems[0]!.svg;
  await score.point(1, 0, 25);
  await score.run('pitch-up');
  expect(score.pages[0]).not.toBe(first);
  expect(score.pages[1]).toBe(second);
  expect(pictures()[0]).toEqual([kept, '<g data-note="1"></g>', kept, kept, kept]);
  expect(score.selection?.pitch).toBe('C#4');
  expect(score.canUndo).toBe(true);
});

test('an update that does not follow what is held opens the score anew', async () => {
  await score.run('next');
  backend.scores[0]!.notes[3] = 5;
  backend.scores[0]!.revision = 7;
  await score.run('pitch-up');
  expect(pictures()[0]?.[3]).toBe('<g data-note="5"></g>');
  expect(pictures()[0]?.[0]).toBe('<g data-note="1"></g>');
});

test('an update that relies on a picture nobody has opens the score anew', async () => {
  await score.run('next');
  const command = backend.command.bind(backend);
  backend.command = async (id, line) => {
    const outcome = await command(id, line);
    const { svg: _, ...bare } = outcome.pages[0]!.systems[0]!;
    outcome.pages[0]!.systems[0] = bare;
    return outcome;
  };
  await score.run('pitch-up');
  expect(pictures()[0]?.[0]).toBe('<g data-note="1"></g>');
});

test('keys that come faster than the answers are done in their order', async () => {
  let release = () => {};
  backend.hold = new Promise((done) => (release = done));
  const done = Promise.all([score.run('next'), score.run('pitch-up'), score.run('next'), score.run('pitch-up')]);
  release();
  await done;
  expect(backend.lines).toEqual(['next', 'pitch-up', 'next', 'pitch-up']);
  expect(backend.scores[0]!.notes.slice(0, 3)).toEqual([1, 1, 0]);
});

test('a refused command says why, keeps the score, and the next one is not held up', async () => {
  const before = pictures();
  await score.run('pitch-up');
  expect(score.error?.code).toBe('nothing-selected');
  expect(pictures()).toEqual(before);
  expect(score.saving).toBe(false);
  await score.run('next');
  expect(score.error).toBeNull();
  expect(score.selection?.measure).toBe(1);
});

test('a change from outside does not ask the view to move, a command does', async () => {
  await score.run('next');
  const followed = score.followed;
  backend.scores[0]!.notes[2] = 4;
  await score.refresh();
  expect(score.followed).toBe(followed);
  await score.run('next');
  expect(score.followed).toBe(followed + 1);
});

test('the same words are spoken again when they are meant again', async () => {
  await score.run('next');
  const first = score.spoken;
  score.say(first.text);
  expect(score.spoken.text).toBe(first.text);
  expect(score.spoken.count).toBe(first.count + 1);
});
