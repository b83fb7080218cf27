/** A host that keeps everything in memory: two demo scores whose notes can be moved, undone and saved. */

import type {
  AppEvent,
  Backend,
  BandView,
  BatchView,
  CommandOutcome,
  CommandView,
  ConflictView,
  ErrorView,
  FileDrag,
  FormerBandView,
  InviteOptions,
  MemberDeviceView,
  MemberView,
  LookingView,
  PageView,
  PersonView,
  PlaybackView,
  RecoveryView,
  RefusedView,
  RelayView,
  RequestView,
  ScoreCard,
  ScoreView,
  SelectionView,
  Settings,
  SyncView,
  TicketView,
  StyleView,
} from '../src/lib/host/backend';

interface FakeScore {
  card: ScoreCard;
  /** Heights of the notes in semitones, one note a system. */
  notes: number[];
  selected: number;
  undo: number[][];
  redo: number[][];
  revision: number;
  looking: LookingView;
  spacing: string;
}

const SYSTEMS_A_PAGE = 5;
const NAMES = ['C4', 'C#4', 'D4', 'D#4', 'E4', 'F4'];

const command = (id: string, label: string, keys: string[], more: Partial<CommandView> = {}): CommandView => ({
  id,
  label,
  help: `${label}.`,
  category: 'edit',
  categoryLabel: 'Edit',
  keys,
  keyedArguments: [],
  argument: null,
  choices: [],
  argumentOptional: false,
  runs: 'score',
  ...more,
});

export const COMMANDS: Record<'en' | 'zh-TW', CommandView[]> = {
  en: [
    command('next', 'Next', ['ArrowRight']),
    command('pitch-up', 'Up a semitone', ['ArrowUp']),
    command('pitch-down', 'Down a semitone', ['ArrowDown']),
    command('undo', 'Undo', ['Mod+Z']),
    command('redo', 'Redo', ['Mod+Shift+Z']),
    command('value', 'Note value', [], { keyedArguments: [['5', 'quarter']], argument: 'VALUE' }),
    command('title', 'Title', [], { argument: 'TEXT' }),
    command('play', 'Play', ['Space'], { argument: 'selection', argumentOptional: true, keyedArguments: [['Shift+Space', 'selection']] }),
    command('view', 'Pages or one line', [], { keyedArguments: [['F6', 'other']], argument: 'pages|continuous|other', choices: [['pages', 'Pages'], ['continuous', 'One line'], ['other', 'The other way']] }),
    command('part', 'Part', [], { keyedArguments: [['Alt+PageDown', 'next']], argument: 'N|all|next|previous', choices: [['all', 'All parts'], ['next', 'The next one'], ['previous', 'The one before']] }),
    command('note-spacing', 'Note spacing', [], { argument: 'PERCENT' }),
    command('show-style', 'Style and paper', ['Mod+Shift+Y'], { runs: 'window' }),
    command('show-commands', 'All commands', ['Mod+Shift+P'], { runs: 'window' }),
    command('export', 'Export', ['Mod+E'], { runs: 'window' }),
    command('export-many', 'Export many', ['Mod+Shift+E'], { runs: 'window' }),
    command('zoom-in', 'Larger', ['Mod++'], { runs: 'window' }),
    command('not-in-this-window', 'Unknown to this window', ['F1'], { runs: 'window' }),
  ],
  'zh-TW': [command('pitch-up', '升高半音', ['ArrowUp']), command('undo', '復原', ['Mod+Z'])],
};

const failure = (code: string, message: string, hint: string | null = null): ErrorView => ({ code, message, hint, place: null, advice: code === 'nothing-selected' });

export class FakeBackend implements Backend {
  scores: FakeScore[] = [];
  /** Every line that was run. */
  lines: string[] = [];
  title = '';
  files: string[] = [];
  chosen: string[] = [];
  target: string | null = null;
  exported: { id: string; to: string }[] = [];
  kept: Settings = { language: 'en', theme: 'light', paper: 'white', other: {} };
  /** Set to let the next command wait until it is called. */
  hold: Promise<void> | null = null;
  #listeners: ((event: AppEvent) => void)[] = [];
  #drags: ((drag: FileDrag) => void)[] = [];

  emit(event: AppEvent): void {
    for (const listener of this.#listeners) listener(event);
  }

  drag(drag: FileDrag): void {
    for (const listener of this.#drags) listener(drag);
  }

  add(title: string, notes = [0, 0, 0, 0, 0, 0, 0]): FakeScore {
    const id = `score-${this.scores.length + 1}`;
    const card = { id, title, composer: '', parts: ['Piano'], measures: notes.length, space: 'own', spaceName: 'My scores', modified: 1 };
    const score = { card, notes, selected: -1, undo: [], redo: [], revision: 1, looking: { continuous: false, part: null }, spacing: '100' };
    this.scores.push(score);
    return score;
  }

  filesToOpen = async () => this.files;
  library = async () => this.scores.map((score) => ({ ...score.card }));

  async importFile(path: string) {
    if (path.endsWith('.txt')) throw failure('import-not-xml', 'This is not MusicXML.', 'Choose a .musicxml file.');
    const { card } = this.add(path.split('/').at(-1)!.replace(/\.\w+$/, ''));
    if (path.endsWith('.abc')) return [card, this.add('Another').card].map(({ id, title }) => ({ id, title, report: [] }));
    return [{ id: card.id, title: card.title, report: path.endsWith('.mid') ? ['Drums were guessed.'] : [] }];
  }

  thumbnail = async () => '<svg xmlns="http://www.w3.org/2000/svg"/>';

  async deleteScore(id: string) {
    this.scores = this.scores.filter((score) => score.card.id !== id);
  }

  async renameScore(id: string, title: string) {
    this.#find(id).card.title = title;
  }

  async addDemos() {
    return ['Morning', 'Evening'].map((title) => ({ id: this.add(title).card.id, title, report: [] }));
  }

  async openScore(id: string): Promise<ScoreView> {
    const score = this.#find(id);
    return { id, title: score.card.title, revision: score.revision, pages: pagesOf(score), ...stateOf(score), parts: [{ number: 1, name: 'Piano' }, { number: 2, name: 'Voice' }], measures: score.notes.length };
  }

  closeScore = async () => {};

  async point(id: string, page: number, _x: number, y: number): Promise<SelectionView | null> {
    const score = this.#find(id);
    score.selected = (page - 1) * SYSTEMS_A_PAGE + Math.floor(y / 20);
    return selectionOf(score);
  }

  async command(id: string, line: string): Promise<CommandOutcome> {
    this.lines.push(line);
    await this.hold;
    const score = this.#find(id);
    const before = pagesOf(score);
    const base = score.revision;
    apply(score, line);
    const held = new Set(before.flatMap((page) => page.systems.map((system) => system.key)));
    const after = pagesOf(score);
    const changed = after.filter((page, index) => JSON.stringify(page) !== JSON.stringify(before[index]));
    for (const page of changed) page.systems = page.systems.map((system) => (held.has(system.key) ? { ...system, svg: undefined } : system)) as typeof page.systems;
    if (changed.length > 0) score.revision += 1;
    return { id, base, revision: score.revision, pageCount: after.length, pages: changed, title: score.card.title, ...stateOf(score), message: null };
  }

  refresh = (id: string) => this.command(id, 'refresh');

  /** What is left to decide, and what was decided. */
  open: ConflictView[] = [];
  decided: { conflict: string; way: number }[] = [];
  conflicts = async () => this.open;

  async resolve(id: string, conflict: string, way: number): Promise<CommandOutcome> {
    this.decided.push({ conflict, way });
    this.open = this.open.filter((other) => other.id !== conflict);
    return this.command(id, 'pitch-up');
  }

  async style(id: string): Promise<StyleView> {
    const values = { 'page-size': 'a4', margins: '15 15 15 15', 'staff-size': '7', 'note-spacing': this.#find(id).spacing, 'measure-numbers': 'systems' };
    return { preset: 'classical', presets: ['classical', 'jazz', 'large-print'], values, own: [] };
  }

  commands = async () => COMMANDS[this.kept.language === 'zh-TW' ? 'zh-TW' : 'en'];

  playing: PlaybackView = { state: 'stopped', score: null, seconds: 0, duration: 0, cursor: null, message: null };

  async play(id: string, fromSelection: boolean): Promise<PlaybackView> {
    this.lines.push(`play ${fromSelection}`);
    this.playing = { state: 'playing', score: id, seconds: 0, duration: 12, cursor: { page: 1, x: 10, top: 2, bottom: 8, measure: 1 }, message: null };
    return this.playing;
  }

  async stop(): Promise<PlaybackView> {
    this.playing = { state: 'stopped', score: null, seconds: 0, duration: 0, cursor: null, message: null };
    return this.playing;
  }

  playback = async () => this.playing;

  async export(id: string, to: string) {
    if (to.startsWith('/full/')) throw failure('no-space', 'There is no space left.', 'Choose another disk.');
    this.exported.push({ id, to });
    return { files: [to], report: [] };
  }

  share = async () => this.#ticket('own');

  async join(ticket: string): Promise<{ space: string; spaceName: string; scores: ScoreCard[] }> {
    if (!ticket.startsWith('bandpro-')) throw failure('bad-ticket', 'This is not a whole invitation.', 'Copy it again.');
    return { space: 'band', spaceName: 'The band', scores: [this.add('Shared').card] };
  }

  syncNow = async () => this.syncStatus();
  syncStatus = async (): Promise<SyncView> => ({ state: 'alone', devices: [], connected: 0, pending: 0, message: 'Nobody else yet.' });

  // The band: one's own space and whatever bands a test founds.

  me: PersonView = { name: 'Mei', colour: '#0077bb', colours: ['#0077bb', '#ee7733'], deviceName: 'Mei’s laptop', keyPlace: 'system' };
  spaces: BandView[] = [bandOf('own', 'My scores', [memberOf('Mei', 'owner', [deviceOf('d1', { this: true })], true)], true)];
  turnedDown: RefusedView[] = [];
  passes: RelayView[] = [];
  opened: string | null = null;
  /** Every deed about bands, in words. */
  deeds: string[] = [];
  /** What the next deed fails with. */
  fails: ErrorView | null = null;

  invitation = async () => this.opened;
  noNotifications = async (): Promise<string | null> => null;

  async lookAtTicket(ticket: string) {
    if (!ticket.startsWith('bandpro')) throw failure('bad-ticket', 'This is not a whole invitation.', 'Copy it again.');
    return { spaceName: 'The band', expires: Date.now() + 3_600_000, here: false };
  }

  person = async () => this.me;

  async setPerson(name: string | null, colour: string | null) {
    this.me = { ...this.me, name: name ?? this.me.name, colour: colour ?? this.me.colour };
    return this.#deed(`person ${this.me.name} ${this.me.colour}`, this.me);
  }

  async nameDevice(name: string) {
    this.me = { ...this.me, deviceName: name || 'A laptop' };
    return this.#deed(`name-device ${name}`, this.me);
  }

  bands = async () => this.spaces;

  async createBand(name: string) {
    const band = bandOf(`band-${this.spaces.length}`, name, [memberOf('Mei', 'owner', [deviceOf('d1', { this: true })], true)]);
    this.spaces = [...this.spaces, band];
    return this.#deed(`found ${name}`, band);
  }

  async renameBand(space: string, name: string) {
    await this.#deed(`rename ${space} ${name}`, undefined);
    this.spaces = this.spaces.map((band) => (band.id === space ? { ...band, name } : band));
  }

  async leaveBand(space: string) {
    await this.#deed(`leave ${space}`, undefined);
    this.spaces = this.spaces.filter((band) => band.id !== space);
  }

  gone: FormerBandView[] = [];
  formerBands = async () => this.gone;

  async forgetBand(space: string, keep: boolean) {
    this.gone = this.gone.filter((band) => band.id !== space);
    const there = this.scores.filter((score) => score.card.space === space);
    const kept = keep ? there.map((score) => Object.assign(score.card, { space: 'own', spaceName: 'My scores' })) : [];
    if (!keep) this.scores = this.scores.filter((score) => !there.includes(score));
    return this.#deed<ScoreCard[]>(`forget ${space} ${keep}`, kept);
  }

  rotateKey = (space: string) => this.#deed<void>(`rotate ${space}`, undefined);

  async invite(space: string, options: InviteOptions) {
    return this.#deed(`invite ${space} ${options.offer} ${options.hours} ${options.uses} ${options.confirm}`, this.#ticket(space));
  }

  revokeInvite = (space: string, invite: string) => this.#deed<void>(`revoke ${space} ${invite}`, undefined);

  async answerRequest(id: string, yes: boolean): Promise<RequestView> {
    const request = this.spaces.flatMap((band) => band.requests).find((request) => request.id === id)!;
    this.spaces = this.spaces.map((band) => ({ ...band, requests: band.requests.filter((other) => other.id !== id) }));
    return this.#deed(`answer ${id} ${yes}`, request);
  }

  asked = async (): Promise<string[]> => [];

  async setMemberRole(space: string, member: string, role: string) {
    return this.#deed(`role ${space} ${member} ${role}`, this.spaces.find((band) => band.id === space)!);
  }

  removeMember = (space: string, member: string) => this.#deed<void>(`remove ${space} ${member}`, undefined);
  renewDevice = () => this.#deed<void>('renew-device', undefined);
  removeDevice = (space: string, device: string) => this.#deed<void>(`remove-device ${space} ${device}`, undefined);
  refused = async () => this.turnedDown;
  makeRecoveryKey = () => this.#deed<RecoveryView>('make-key', { key: 'AAAA-BBBB-CCCC' });
  saveRecoveryKey = (key: RecoveryView, to: string) => this.#deed<void>(`save-key ${key.key} ${to}`, undefined);
  recover = (key: string, ticket: string | null) => this.#deed<string[]>(`recover ${key} ${ticket}`, ['My scores']);
  relays = async () => this.passes;

  async addRelay(pass: string) {
    const relay = { name: pass.slice('bandpro-relay-'.length), spaces: ['My scores'], forwards: true, keeps: true };
    await this.#deed(`add-relay ${pass}`, undefined);
    this.passes = [...this.passes, relay];
    return relay;
  }

  async removeRelay(name: string) {
    this.passes = this.passes.filter((relay) => relay.name !== name);
    return this.#deed(`remove-relay ${name}`, true);
  }

  discovery = async () => true;
  setDiscovery = (on: boolean) => this.#deed<void>(`discovery ${on}`, undefined);

  async copyScore(id: string, space: string) {
    const { card } = this.#find(id);
    const copy = this.add(card.title).card;
    Object.assign(copy, { space, spaceName: this.spaces.find((band) => band.id === space)!.name });
    return this.#deed(`copy ${id} ${space}`, copy);
  }

  async moveScore(id: string, space: string) {
    const card = await this.copyScore(id, space);
    await this.deleteScore(id);
    return this.#deed(`move ${id} ${space}`, card);
  }

  async #deed<T>(words: string, outcome: T): Promise<T> {
    const { fails } = this;
    this.fails = null;
    if (fails) throw fails;
    this.deeds.push(words);
    return outcome;
  }

  #ticket(space: string): TicketView {
    const spaceName = this.spaces.find((band) => band.id === space)?.name ?? '';
    return { ticket: 'bandpro-ticket', link: 'bandpro://join/bandpro-ticket', expires: 1_900_000_000_000, space, spaceName, qr: { size: 29, path: 'M4 4h7v1h-7z' } };
  }

  async texts(language: string | null) {
    return { language: language ?? 'en', languages: [['en', 'English'], ['zh-TW', '繁體中文']] as [string, string][], ftl: '' };
  }

  settings = async () => this.kept;

  async setSetting(key: string, value: string) {
    const known = ['language', 'theme', 'paper'].includes(key);
    this.kept = known ? { ...this.kept, [key]: value } : { ...this.kept, other: { ...this.kept.other, [key]: value } };
    return this.kept;
  }

  async onEvent(listener: (event: AppEvent) => void) {
    this.#listeners.push(listener);
    return () => {};
  }

  async onFileDrag(listener: (drag: FileDrag) => void) {
    this.#drags.push(listener);
    return () => {};
  }

  batches: { ids: string[]; endings: string[]; folder: string }[] = [];
  stopped = false;

  async exportMany(ids: string[], endings: string[], folder: string): Promise<BatchView> {
    this.batches.push({ ids, endings, folder });
    this.emit({ type: 'exporting', done: 1, total: ids.length * endings.length, name: 'Morning' });
    await this.hold;
    const failed = endings.includes('wav') ? [{ name: 'Morning', ending: 'wav', error: failure('no-space', 'There is no space left.', 'Choose another disk.') }] : [];
    return { files: ids.map((id) => `${folder}/${id}`), failed, remarks: [], cancelled: this.stopped };
  }

  stopExporting = async () => void (this.stopped = true);

  chooseFolder = async () => this.target;
  chooseFiles = async () => this.chosen;
  chooseTarget = async () => this.target;

  async setTitle(title: string) {
    this.title = title;
  }

  #find(id: string): FakeScore {
    const score = this.scores.find((score) => score.card.id === id);
    if (!score) throw failure('unknown-score', `There is no score “${id}”.`);
    return score;
  }
}

export const deviceOf = (id: string, more: Partial<MemberDeviceView> = {}): MemberDeviceView => ({
  id,
  name: `laptop ${id}`,
  this: false,
  recovery: false,
  link: 'away',
  detail: '',
  lackingHere: 0,
  lackingThere: 0,
  lastSeen: null,
  frozen: false,
  renewed: false,
  ...more,
});

export const memberOf = (name: string, role: string, devices: MemberDeviceView[], you = false): MemberView => ({
  id: `member-${name}`,
  name,
  colour: '#0077bb',
  role,
  roleLabel: role,
  you,
  devices,
});

export const bandOf = (id: string, name: string, members: MemberView[], own = false): BandView => ({
  id,
  name,
  own,
  role: members.find((member) => member.you)?.role ?? 'viewer',
  roleLabel: '',
  members,
  invites: [],
  requests: [],
  relays: [],
  mailboxes: [],
  unsettled: [],
});

function apply(score: FakeScore, line: string): void {
  const edit = (notes: number[]) => {
    score.undo.push(score.notes);
    score.redo = [];
    score.notes = notes;
  };
  const move = (by: number) => {
    if (score.selected < 0) throw failure('nothing-selected', 'No note is selected.', 'Select a note first.');
    edit(score.notes.map((note, index) => (index === score.selected ? note + by : note)));
  };
  const back = (from: number[][], to: number[][]) => {
    const notes = from.pop();
    if (notes) {
      to.push(score.notes);
      score.notes = notes;
    }
  };
  if (line === 'next') score.selected = Math.min(score.selected + 1, score.notes.length - 1);
  else if (line === 'pitch-up') move(1);
  else if (line === 'pitch-down') move(-1);
  else if (line === 'undo') back(score.undo, score.redo);
  else if (line === 'redo') back(score.redo, score.undo);
  else if (line.startsWith('view ')) {
    const continuous = line === 'view other' ? !score.looking.continuous : line === 'view continuous';
    score.looking = { ...score.looking, continuous };
  } else if (line.startsWith('part ')) score.looking = { ...score.looking, part: line === 'part all' ? null : Number(line.slice('part '.length)) };
  else if (line.startsWith('note-spacing ')) score.spacing = line.slice('note-spacing '.length);
  else if (line.startsWith('title ')) score.card.title = line.slice('title '.length);
}

function pagesOf(score: FakeScore): PageView[] {
  if (score.looking.continuous) {
    const systems = score.notes.map((note, at) => {
      const measure = at + 1;
      return { key: `line ${measure}:${note}`, x: at * 100, y: 4, width: 100, height: 16, measures: [measure, measure] as [number, number], svg: `<g data-note="${note}"></g>` };
    });
    return [{ number: 1, widthMm: score.notes.length * 175, heightMm: 50, width: score.notes.length * 100, height: 28, frameSvg: '', systems }];
  }
  const count = Math.max(1, Math.ceil(score.notes.length / SYSTEMS_A_PAGE));
  return Array.from({ length: count }, (_, index) => ({
    number: index + 1,
    widthMm: 210,
    heightMm: 297,
    width: 120,
    height: 170,
    frameSvg: '<g class="page-items"></g>',
    systems: score.notes.slice(index * SYSTEMS_A_PAGE, (index + 1) * SYSTEMS_A_PAGE).map((note, at) => {
      const measure = index * SYSTEMS_A_PAGE + at + 1;
      return { key: `${measure}:${note}`, x: 8, y: at * 20, width: 100, height: 16, measures: [measure, measure], svg: `<g data-note="${note}"></g>` };
    }),
  }));
}

function selectionOf(score: FakeScore): SelectionView | null {
  const note = score.notes[score.selected];
  if (note === undefined) return null;
  const rect = { x: 20, y: (score.selected % SYSTEMS_A_PAGE) * 20 + 4, width: 2, height: 6 };
  const pitch = NAMES[note] ?? 'C5';
  return {
    kind: 'note',
    page: Math.floor(score.selected / SYSTEMS_A_PAGE) + 1,
    rect,
    heads: [rect],
    range: [],
    announcement: `${pitch}, quarter, measure ${score.selected + 1}, beat 1`,
    part: 1,
    partName: 'Piano',
    measure: score.selected + 1,
    measureLabel: String(score.selected + 1),
    beat: '1',
    staff: 1,
    voice: 1,
    pitch,
    value: ['quarter', 0],
    active: [],
  };
}

function stateOf(score: FakeScore) {
  return {
    looking: score.looking,
    selection: selectionOf(score),
    input: { active: false, value: 'quarter', dots: 0 },
    canUndo: score.undo.length > 0,
    canRedo: score.redo.length > 0,
  };
}
