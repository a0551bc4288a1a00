/**
 * What is asked of the planner (docs/planning.md): hosts, guests, and what is to become of them. `spec/plan.schema.json` says what a file of
 * it looks like; what a schema cannot say is checked here.
 */

/** A host. */
export interface Host {
  readonly name: string;
  /** What guests and caches may take of its memory beside what they have now, in bytes. */
  readonly freeBytes: number;
}

/** A guest. */
export interface Guest {
  readonly name: string;
  /** The name of the host that it runs on. */
  readonly host: string;
  /** Its RAM, in bytes. */
  readonly ramBytes: number;
  /** How many bytes of pages it writes to in a second, each page once, as QEMU's `calc-dirty-rate` tells. */
  readonly dirtyBytesPerSecond: number;
  /** How many bytes of pages it writes to again and again, if that is known. */
  readonly workingSetBytes?: number;
}

/** What is asked. */
export interface PlanRequest {
  /** `evacuate`: no guest is left on the host `from`. `balance`: the hosts have as much memory free as each other, as nearly as moves bring it about. */
  readonly mode: "evacuate" | "balance";
  /** For `evacuate`: the name of the host. */
  readonly from?: string;
  /** How many migrations run at once, at most; 2 unless told. */
  readonly migrationsAtOnce?: number;
  /** What one migration sends in a second, in bytes (`max-bandwidth`); 134217728, as QEMU has it, unless told. */
  readonly bandwidthBytesPerSecond?: number;
  readonly hosts: readonly Host[];
  readonly guests: readonly Guest[];
}

/** How many migrations run at once, unless told. */
export const USUAL_MIGRATIONS_AT_ONCE = 2;

/** What one migration sends in a second unless told: QEMU's `max-bandwidth`. */
export const USUAL_BANDWIDTH = 128 * 2 ** 20;

/** A guest that goes from one host to another. */
export interface Move {
  readonly guest: Guest;
  /** The names of the hosts. */
  readonly from: string;
  readonly to: string;
}

/**
 * Checks what a schema cannot say: names.
 *
 * @param request - What is asked, by the schema.
 * @throws RangeError if two hosts or guests have one name, or a host is named that there is not.
 */
export function requireNames({ mode, from, hosts, guests }: PlanRequest): void {
  const names = new Set(hosts.map(({ name }) => name));
  requireUnique("host", hosts);
  requireUnique("guest", guests);
  const stray = guests.find(({ host }) => !names.has(host));
  if (stray) throw new RangeError(`guest ${stray.name} runs on ${stray.host}, which is none of the hosts`);
  if (mode === "evacuate" && !names.has(from ?? "")) {
    throw new RangeError(`from has to name one of the hosts to evacuate, not ${from ?? "nothing"}`);
  }
}

function requireUnique(what: string, named: readonly { readonly name: string }[]): void {
  const twice = named.find(({ name }, index) => named.findIndex((other) => other.name === name) !== index);
  if (twice) throw new RangeError(`two ${what}s are named ${twice.name}; give each a name of its own`);
}
