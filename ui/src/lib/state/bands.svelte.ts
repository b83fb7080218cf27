/** The spaces that this person belongs to, as the host last told of them. */

import { errorOf, type Backend, type BandView, type ErrorView, type FormerBandView, type PersonView, type RefusedView, type RelayView, type RequestView } from '../host/backend';

/** What was refused for one reason: many changes of a laptop as a rule. */
export interface Refusals extends RefusedView {
  count: number;
}

export class Bands {
  all = $state.raw<BandView[]>([]);
  /** Those that this person, or this laptop, does not belong to any more. */
  former = $state.raw<FormerBandView[]>([]);
  person = $state.raw<PersonView | null>(null);
  refused = $state.raw<Refusals[]>([]);
  relays = $state.raw<RelayView[]>([]);
  /** The names of the spaces where this person asked to come in and nobody has answered yet. */
  asked = $state.raw<string[]>([]);
  /** The space that is looked at. */
  chosen = $state<string | null>(null);
  /** Why the last look failed. */
  error = $state.raw<ErrorView | null>(null);
  readonly requests: RequestView[] = $derived(this.all.flatMap((band) => band.requests));
  /** How many devices have two logs, of which somebody has to decide. */
  readonly frozen: number = $derived(
    this.all.flatMap((band) => [
      ...band.members.flatMap((member) => member.devices.filter((device) => device.frozen)),
      ...(band.role === 'owner' ? band.unsettled : []),
    ]).length,
  );

  #looking: Promise<void> | null = null;
  #again = false;

  constructor(private readonly backend: Backend) {}

  /** The space that is looked at, else this person's own. */
  get band(): BandView | null {
    return this.all.find((band) => band.id === this.chosen) ?? this.all.find((band) => band.own) ?? this.all[0] ?? null;
  }

  /** The former band that is looked at. */
  get formerBand(): FormerBandView | null {
    return this.former.find((band) => band.id === this.chosen) ?? null;
  }

  /** A space by its id. */
  of(space: string): BandView | null {
    return this.all.find((band) => band.id === space) ?? null;
  }

  /** Fetches everything anew. Who asks while that goes on gets what is true after they asked. */
  look(): Promise<void> {
    if (this.#looking) {
      this.#again = true;
      return this.#looking;
    }
    this.#looking = this.#fetch().finally(() => (this.#looking = null));
    return this.#looking;
  }

  async #fetch(): Promise<void> {
    do {
      this.#again = false;
      try {
        const { backend } = this;
        const [all, former, person, refused, relays, asked] = await Promise.all([
          backend.bands(),
          backend.formerBands(),
          backend.person(),
          backend.refused(),
          backend.relays(),
          backend.asked(),
        ]);
        [this.all, this.former, this.person, this.refused, this.relays, this.asked] = [all, former, person, gathered(refused), relays, asked];
        this.error = null;
      } catch (thrown) {
        this.error = errorOf(thrown);
      }
    } while (this.#again);
  }
}

/** Changes that were refused alike are told of once, with their number. */
function gathered(refused: RefusedView[]): Refusals[] {
  const groups = new Map<string, Refusals>();
  for (const one of refused) {
    const key = JSON.stringify([one.space, one.device, one.reason, one.score]);
    const group = groups.get(key);
    if (group) group.count += 1;
    else groups.set(key, { ...one, count: 1 });
  }
  return [...groups.values()];
}
