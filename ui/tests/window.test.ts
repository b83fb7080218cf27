import { fireEvent, render, screen, waitFor, within } from '@testing-library/svelte';
import { beforeEach, expect, test, vi } from 'vitest';

import App from '../src/App.svelte';
import { FakeBackend } from './fake';

let backend: FakeBackend;

beforeEach(() => {
  backend = new FakeBackend();
  // What a browser measures and happy-dom does not: a window of 900 by 700, in which everything is seen.
  vi.stubGlobal('ResizeObserver', class {
    constructor(private readonly measured: () => void) {}
    observe = () => this.measured();
    disconnect = () => {};
  });
  vi.stubGlobal('IntersectionObserver', class {
    constructor(private readonly seen: (entries: { isIntersecting: boolean }[]) => void) {}
    observe = () => this.seen([{ isIntersecting: true }]);
    disconnect = () => {};
  });
  vi.spyOn(HTMLElement.prototype, 'clientWidth', 'get').mockReturnValue(900);
  vi.spyOn(HTMLElement.prototype, 'clientHeight', 'get').mockReturnValue(700);
});

const press = (key: string, held: KeyboardEventInit = {}) => fireEvent.keyDown(document.activeElement ?? document.body, { key, ...held });
const noteOf = (measure: number) => screen.getAllByTestId('system').map((system) => system.querySelector('[data-note]')?.getAttribute('data-note'))[measure - 1];

async function openFirst() {
  render(App, { backend });
  await fireEvent.click(await screen.findByRole('button', { name: /^Open / }));
  return screen.findByTestId('score');
}

test('an empty library teaches: demo scores are one press away', async () => {
  render(App, { backend });
  expect(await screen.findByTestId('empty-library')).toBeTruthy();
  await fireEvent.click(screen.getByTestId('add-demos'));
  expect(await screen.findAllByTestId('card')).toHaveLength(2);
  expect(screen.queryByTestId('empty-library')).toBeNull();
});

test('a score is opened, a note changed by keys, undone and redone', async () => {
  backend.add('Morning');
  const score = await openFirst();
  expect(document.activeElement).toBe(score);
  expect(screen.getByTestId('title').textContent).toBe('Morning');
  expect(backend.title).toBe('Morning — BandPro');
  await press('ArrowRight');
  await waitFor(() => expect(screen.getByTestId('status-pitch').textContent).toBe('C4'));
  await press('ArrowUp');
  await waitFor(() => expect(noteOf(1)).toBe('1'));
  expect(screen.getByTestId('spoken').textContent).toContain('C#4, quarter, measure 1');
  expect(screen.getByTestId('status-pitch').textContent).toBe('C♯4');
  await press('z', { ctrlKey: true });
  await waitFor(() => expect(noteOf(1)).toBe('0'));
  await press('z', { ctrlKey: true, shiftKey: true });
  await waitFor(() => expect(noteOf(1)).toBe('1'));
});

test('an edit leaves the drawn systems around it in place', async () => {
  backend.add('Morning');
  await openFirst();
  await press('ArrowRight');
  await waitFor(() => screen.getByTestId('selection'));
  const before = screen.getAllByTestId('system');
  await press('ArrowUp');
  await waitFor(() => expect(noteOf(1)).toBe('1'));
  const after = screen.getAllByTestId('system');
  expect(after.slice(1)).toEqual(before.slice(1));
  after.slice(1).forEach((system, index) => expect(system).toBe(before[index + 1]));
  expect(after[0]).not.toBe(before[0]);
});

test('only systems near the view are drawn', async () => {
  backend.add('Long', Array.from({ length: 500 }, () => 0));
  const score = await openFirst();
  const drawn = () => screen.getAllByTestId('system').map((system) => Number(system.getAttribute('data-key')?.split(':')[0]));
  expect(screen.getAllByTestId('page')).toHaveLength(100);
  expect(Math.max(...drawn())).toBeLessThan(20);
  score.scrollTop = 50_000;
  await fireEvent.scroll(score);
  await waitFor(() => expect(Math.min(...drawn())).toBeGreaterThan(100));
  expect(drawn().length).toBeLessThan(30);
});

test('a click points at the page in its own spaces', async () => {
  backend.add('Morning');
  await openFirst();
  const page = screen.getAllByTestId('page')[0]!;
  const scale = Number(page.getAttribute('data-scale'));
  vi.spyOn(page, 'getBoundingClientRect').mockReturnValue(new DOMRect(100, 50, 0, 0));
  await fireEvent.click(page, { clientX: 100 + 21 * scale, clientY: 50 + 45 * scale });
  await waitFor(() => expect(screen.getByTestId('status-place').textContent).toContain('Measure 3'));
});

test('a refused command shows its error at the score, and the next success takes it away', async () => {
  backend.add('Morning');
  await openFirst();
  await press('ArrowUp');
  expect((await screen.findByTestId('score-error')).textContent).toContain('Select a note first.');
  expect(screen.getByTestId('score-error').getAttribute('role')).toBe('status');
  await press('ArrowRight');
  await waitFor(() => expect(screen.queryByTestId('score-error')).toBeNull());
});

test('a file that cannot be read is named in the library with what to do, and the others are there', async () => {
  render(App, { backend });
  await screen.findByTestId('empty-library');
  backend.drag({ phase: 'over' });
  expect(await screen.findByTestId('drop')).toBeTruthy();
  backend.drag({ phase: 'dropped', paths: ['/music/song.musicxml', '/music/notes.txt'] });
  const remarks = await screen.findByTestId('import-remarks');
  expect(remarks.textContent).toContain('“notes.txt” was not imported.');
  expect(remarks.textContent).toContain('Choose a .musicxml file.');
  expect(screen.getAllByTestId('card')).toHaveLength(1);
  expect(screen.queryByTestId('drop')).toBeNull();
});

test('files named at the start are imported and the first is shown', async () => {
  backend.files = ['/music/song.musicxml'];
  render(App, { backend });
  await waitFor(() => expect(screen.getByTestId('title').textContent).toBe('song'));
});

test('the language of everything changes at once', async () => {
  backend.add('Morning');
  await openFirst();
  await fireEvent.click(screen.getByTestId('room-settings'));
  await fireEvent.change(screen.getByTestId('language'), { target: { value: 'zh-TW' } });
  await waitFor(() => expect(screen.getByTestId('title').textContent).toBe('設定'));
  expect(document.documentElement.lang).toBe('zh-TW');
  expect(screen.getByTestId('room-library').textContent).toContain('樂譜庫');
  await fireEvent.click(screen.getByTestId('room-score'));
  expect(screen.getByTestId('undo').getAttribute('aria-label')).toBe('復原');
});

test('the theme and the paper are set on their own', async () => {
  render(App, { backend });
  await fireEvent.click(await screen.findByTestId('room-settings'));
  await fireEvent.click(screen.getByTestId('theme-dark'));
  await waitFor(() => expect(document.documentElement.dataset['theme']).toBe('dark'));
  expect(document.documentElement.dataset['paper']).toBe('white');
  await fireEvent.click(screen.getByTestId('paper-cream'));
  await waitFor(() => expect(document.documentElement.dataset['paper']).toBe('cream'));
  expect(backend.kept).toMatchObject({ theme: 'dark', paper: 'cream' });
});

test('the laptop has one name, in the settings and among others', async () => {
  render(App, { backend });
  await fireEvent.click(await screen.findByTestId('room-settings'));
  const field = await screen.findByTestId<HTMLInputElement>('device-name');
  await waitFor(() => expect(field.value).toBe('Mei’s laptop'));
  await fireEvent.change(field, { target: { value: ' Stage ' } });
  await waitFor(() => expect(backend.deeds).toEqual(['name-device Stage']));
  await fireEvent.click(screen.getByTestId('room-band'));
  await fireEvent.click(await screen.findByTestId('pane-you'));
  expect((await screen.findByTestId<HTMLInputElement>('laptop-name')).value).toBe('Stage');
  await fireEvent.click(screen.getByTestId('room-settings'));
  await fireEvent.change(await screen.findByTestId('device-name'), { target: { value: '' } });
  await waitFor(() => expect(screen.getByTestId<HTMLInputElement>('device-name').value).toBe('A laptop'));
});

test('the palette finds a command, asks for its argument, and lists nothing that does nothing', async () => {
  backend.add('Morning');
  await openFirst();
  await press('P', { ctrlKey: true, shiftKey: true });
  const input = await screen.findByTestId('palette-input');
  expect(screen.queryByText('Unknown to this window')).toBeNull();
  await fireEvent.input(input, { target: { value: 'titl' } });
  expect(within(screen.getByTestId('palette')).getAllByRole('option')).toHaveLength(1);
  await fireEvent.keyDown(input, { key: 'Enter' });
  await fireEvent.input(input, { target: { value: 'Noon' } });
  await fireEvent.keyDown(input, { key: 'Enter' });
  await waitFor(() => expect(screen.getByTestId('title').textContent).toBe('Noon'));
  expect(backend.lines).toEqual(['title Noon']);
  expect(screen.queryByTestId('palette')).toBeNull();
});

test('where an argument is one of a few words the palette offers them, and still takes another', async () => {
  backend.add('Morning');
  await openFirst();
  for (const [typed, keys, line] of [['', ['ArrowDown'], 'view continuous'], ['pag', [], 'view pages']] as const) {
    await press('P', { ctrlKey: true, shiftKey: true });
    const input = await screen.findByTestId('palette-input');
    await fireEvent.input(input, { target: { value: 'one line' } });
    await fireEvent.keyDown(input, { key: 'Enter' });
    await fireEvent.input(input, { target: { value: typed } });
    for (const key of keys) await fireEvent.keyDown(input, { key });
    await fireEvent.keyDown(input, { key: 'Enter' });
    await waitFor(() => expect(backend.lines.at(-1)).toBe(line));
  }
  await press('P', { ctrlKey: true, shiftKey: true });
  const input = await screen.findByTestId('palette-input');
  await fireEvent.input(input, { target: { value: 'part' } });
  await fireEvent.keyDown(input, { key: 'Enter' });
  expect(within(screen.getByTestId('palette')).getAllByRole('option').map((option) => option.firstElementChild?.textContent)).toEqual(['All parts', 'The next one', 'The one before']);
  expect(screen.getByTestId<HTMLInputElement>('palette-input').placeholder).toBe('Choose, or type: N');
  await fireEvent.input(input, { target: { value: '2' } });
  await fireEvent.keyDown(input, { key: 'Enter' });
  await waitFor(() => expect(backend.lines.at(-1)).toBe('part 2'));
});

test('a key that stands for an argument gives it, and space plays and stops', async () => {
  backend.add('Morning');
  await openFirst();
  await press('5');
  await press(' ', { shiftKey: true });
  await waitFor(() => expect(screen.getByTestId('playhead')).toBeTruthy());
  expect(backend.lines).toEqual(['value quarter', 'play true']);
  await press(' ');
  await waitFor(() => expect(screen.queryByTestId('playhead')).toBeNull());
});

test('what is typed into a field is not a command', async () => {
  backend.add('Morning');
  await openFirst();
  await press('ArrowRight');
  await fireEvent.click(screen.getByTestId('room-library'));
  const search = screen.getByTestId('library-search');
  search.focus();
  await press('5');
  await press('ArrowUp');
  expect(backend.lines).toEqual(['next']);
  await fireEvent.input(search, { target: { value: 'even' } });
  expect(screen.queryByTestId('card')).toBeNull();
});

test('an export that fails says so in its dialog, one that is left does nothing', async () => {
  backend.add('Morning');
  await openFirst();
  await fireEvent.click(screen.getByTestId('open-export'));
  const save = await screen.findByTestId('export-save');
  await fireEvent.click(save);
  expect(screen.queryByTestId('exported')).toBeNull();
  backend.target = '/full/Morning.pdf';
  await fireEvent.click(save);
  expect((await screen.findByTestId('error')).textContent).toContain('Choose another disk.');
  backend.target = '/disk/Morning.pdf';
  await fireEvent.click(save);
  expect((await screen.findByTestId('exported')).textContent).toContain('/disk/Morning.pdf');
  expect(screen.queryByTestId('error')).toBeNull();
});

test('a wrong invitation is refused where it was pasted, a right one leads to its scores', async () => {
  render(App, { backend });
  await fireEvent.click(await screen.findByTestId('room-band'));
  await fireEvent.click(await screen.findByTestId('pane-join'));
  const field = await screen.findByTestId('join-field');
  await fireEvent.input(field, { target: { value: 'nonsense' } });
  await fireEvent.click(screen.getByTestId('join'));
  expect((await screen.findByTestId('join-error')).textContent).toContain('Copy it again.');
  await fireEvent.input(field, { target: { value: 'bandpro-ticket' } });
  await fireEvent.click(screen.getByTestId('join'));
  await fireEvent.click(await screen.findByRole('button', { name: 'Shared' }));
  await waitFor(() => expect(screen.getByTestId('title').textContent).toBe('Shared'));
});

test('a library that cannot be opened says so instead of an empty window', async () => {
  backend.settings = () => Promise.reject({ code: 'newer-database', message: 'It was written by a newer version.', hint: null, place: null, advice: false });
  render(App, { backend });
  expect((await screen.findByTestId('fatal')).textContent).toContain('newer version');
});

test('the tree leads to a measure by keys alone', async () => {
  backend.add('Morning');
  await openFirst();
  const rows = () => screen.getAllByRole('treeitem');
  rows()[0]!.focus();
  await press('ArrowRight');
  expect(rows()).toHaveLength(9);
  expect(rows()[0]!.getAttribute('aria-expanded')).toBe('true');
  await press('ArrowDown');
  await press('ArrowDown');
  expect(document.activeElement?.textContent?.trim()).toBe('Measure 2');
  await press('Enter');
  await waitFor(() => expect(backend.lines).toEqual(['goto 1 2 1']));
  await press('ArrowLeft');
  expect(document.activeElement).toBe(rows()[0]);
});

test('what merging left to decide is listed, and a press decides it', async () => {
  backend.add('Morning');
  backend.open = [
    {
      id: 'c1',
      kind: 'competing',
      text: 'The pitch of a note was given 2 different values (Jon, Mei).',
      place: 'Piano, measure 2',
      part: 1,
      measure: 2,
      hands: [{ name: 'Jon', when: 1_000 }],
      ways: [{ text: 'Keep A 5 (Mei)' }, { text: 'Take B 3 (Jon)' }],
    },
  ];
  await openFirst();
  expect((await screen.findByTestId('conflicts-summary')).textContent).toContain('One thing');
  await fireEvent.click(screen.getByTestId('conflict-show'));
  await waitFor(() => expect(backend.lines).toContain('goto 1 2 1'));
  await fireEvent.click(screen.getByRole('button', { name: 'Take B 3 (Jon)' }));
  await waitFor(() => expect(backend.decided).toEqual([{ conflict: 'c1', way: 2 }]));
  await waitFor(() => expect(screen.queryByTestId('conflicts')).toBeNull());
});

test('one line shows what is near and goes with a key; all pages come back', async () => {
  backend.add('Long', Array.from({ length: 200 }, () => 0));
  const score = await openFirst();
  await press('F6');
  await waitFor(() => expect(backend.lines).toEqual(['view other']));
  await waitFor(() => expect(screen.getAllByTestId('page')).toHaveLength(1));
  expect(screen.getByTestId('view-continuous').getAttribute('aria-pressed')).toBe('true');
  const measures = () => screen.getAllByTestId('system').map((system) => Number(/\d+/.exec(system.getAttribute('data-key') ?? '')?.[0]));
  expect(Math.max(...measures())).toBeLessThan(20);
  score.scrollLeft = 100_000;
  await fireEvent.scroll(score);
  await waitFor(() => expect(Math.min(...measures())).toBeGreaterThan(50));
  expect(measures().length).toBeLessThan(30);
  await fireEvent.click(screen.getByTestId('view-pages'));
  await waitFor(() => expect(screen.getAllByTestId('page')).toHaveLength(40));
});

test('a part is chosen from the list of parts', async () => {
  backend.add('Morning');
  await openFirst();
  const list = screen.getByTestId<HTMLSelectElement>('view-part');
  expect([...list.options].map((option) => option.text)).toEqual(['All parts', 'Piano', 'Voice']);
  await fireEvent.change(list, { target: { value: '2' } });
  await waitFor(() => expect(backend.lines).toEqual(['part 2']));
  await waitFor(() => expect(list.value).toBe('2'));
});

test('the style is shown as it is, and a number that is none changes nothing', async () => {
  backend.add('Morning');
  await openFirst();
  await press('Y', { ctrlKey: true, shiftKey: true });
  const spacing = await screen.findByTestId<HTMLInputElement>('style-note-spacing');
  expect(spacing.value).toBe('100');
  expect(screen.getByTestId('preset-classical').getAttribute('aria-pressed')).toBe('true');
  await fireEvent.change(spacing, { target: { value: '' } });
  expect(backend.lines).toEqual([]);
  await fireEvent.change(spacing, { target: { value: '130' } });
  await waitFor(() => expect(backend.lines).toEqual(['note-spacing 130']));
  await fireEvent.change(screen.getByTestId('style-margin-left'), { target: { value: '20' } });
  await waitFor(() => expect(backend.lines.at(-1)).toBe('margins 15 15 15 20'));
  await fireEvent.click(screen.getByTestId('preset-jazz'));
  await waitFor(() => expect(backend.lines.at(-1)).toBe('style jazz'));
  await fireEvent.click(screen.getByTestId('open-style'));
  await waitFor(() => expect(screen.queryByTestId('style-panel')).toBeNull());
});

test('chosen scores are exported together, with a word on what failed', async () => {
  for (const title of ['Morning', 'Noon', 'Evening']) backend.add(title);
  render(App, { backend });
  const ticks = await screen.findAllByTestId('tick');
  await fireEvent.click(ticks[0]!);
  await fireEvent.click(ticks[2]!);
  expect(screen.getByTestId('ticked').textContent).toBe('2 chosen');
  await press('E', { ctrlKey: true, shiftKey: true });
  const start = await screen.findByTestId<HTMLButtonElement>('batch-start');
  expect(start.disabled).toBe(true);
  backend.target = '/disk/out';
  await fireEvent.click(screen.getByTestId('batch-folder'));
  await waitFor(() => expect(start.disabled).toBe(false));
  await fireEvent.click(screen.getByTestId('format-wav'));
  let release = () => {};
  backend.hold = new Promise((done) => (release = done));
  await fireEvent.click(start);
  expect((await screen.findByTestId('batch-progress')).textContent).toContain('1 of 4');
  await fireEvent.click(screen.getByTestId('batch-stop'));
  release();
  const outcome = await screen.findByTestId('batch-outcome');
  expect(outcome.textContent).toContain('Morning (Sound (WAV)):');
  expect(outcome.textContent).toContain('Choose another disk.');
  expect(outcome.textContent).toContain('left out, as you asked');
  expect(backend.batches).toEqual([{ ids: ['score-1', 'score-3'], endings: ['pdf', 'wav'], folder: '/disk/out' }]);
});

test('what was ticked stays so until the dialog of a finished export is closed', async () => {
  for (const title of ['Morning', 'Noon', 'Evening']) backend.add(title);
  render(App, { backend });
  const ticks = await screen.findAllByTestId('tick');
  await fireEvent.click(ticks[1]!);
  await press('E', { ctrlKey: true, shiftKey: true });
  const start = await screen.findByTestId<HTMLButtonElement>('batch-start');
  backend.target = '/disk/out';
  await fireEvent.click(screen.getByTestId('batch-folder'));
  await waitFor(() => expect(start.disabled).toBe(false));
  await fireEvent.click(start);
  await screen.findByTestId('batch-outcome');
  expect(screen.getByTestId('ticked').textContent).toBe('1 chosen');
  expect(backend.batches.at(-1)?.ids).toEqual(['score-2']);
});

test('a book of tunes is put into the library, a file with remarks says them beside its score', async () => {
  backend.chosen = ['/disk/reels.abc'];
  render(App, { backend });
  await fireEvent.click(await screen.findByTestId('import'));
  expect((await screen.findByTestId('import-remarks')).textContent).toContain('2 scores');
  expect(await screen.findAllByTestId('card')).toHaveLength(2);
  backend.chosen = ['/disk/song.mid'];
  await fireEvent.click(screen.getByTestId('import'));
  await screen.findByTestId('score');
  expect(screen.getByTestId('import-remarks').textContent).toContain('Drums were guessed.');
});
