/**
 * What the operator of a relay chooses (docs/xbzrle/relay.md, "Options").
 */

import type { ReplacementName } from "../session/cache/directory.ts";
import type { EffectivenessEvent } from "../session/effectiveness.ts";
import { DEFAULT_CACHE_SIZE, requireCacheSize } from "../session/parameters.ts";

/** The ways to choose which page makes room, by the names that the option has for them. */
export const RELAY_POLICIES = ["lru", "qemu"] as const;

/** The name of a way to choose which page makes room. */
export type RelayPolicy = (typeof RELAY_POLICIES)[number];

/** Gives the zlib stream of a page. */
export type Deflate = (page: Uint8Array) => Uint8Array;

/** What an operator chooses. */
export interface RelayOptions {
  /** The size of the page cache in bytes: 64 MiB unless told. */
  readonly cacheSizeBytes?: number;
  /** Which page makes room: `lru` unless told. */
  readonly policy?: RelayPolicy;
  /** Compresses the pages for which there is no delta; left out, they go as they are (RELAY-8). */
  readonly deflate?: Deflate | undefined;
  /** Is told that XBZRLE has gone off or has come back. */
  readonly onEvent?: (event: EffectivenessEvent) => void;
}

/** What a policy is. */
interface PolicyRules {
  readonly replacement: ReplacementName;
  /** Whether pages are cached in the first round, when none comes again (RELAY-13). */
  readonly fillsInFirstRound: boolean;
  /** Whether zero pages that are not cached become so. */
  readonly keepsZeroPages: boolean;
}

const POLICY_RULES: Readonly<Record<RelayPolicy, PolicyRules>> = {
  lru: { replacement: "guarded-lru", fillsInFirstRound: true, keepsZeroPages: false },
  qemu: { replacement: "direct-mapped", fillsInFirstRound: false, keepsZeroPages: true },
};

/** Options, with what holds unless told otherwise. */
export interface SettledOptions extends PolicyRules {
  readonly cacheSizeBytes: number;
  readonly deflate: Deflate | undefined;
  readonly onEvent: (event: EffectivenessEvent) => void;
}

/**
 * Settles the options.
 *
 * @throws RangeError for a cache size that is none for pages of 4096 bytes, with the name of the parameter and its range.
 */
export function settled(options: RelayOptions): SettledOptions {
  const { cacheSizeBytes = DEFAULT_CACHE_SIZE, policy = "lru", deflate, onEvent = () => {} } = options;
  requireCacheSize(cacheSizeBytes, 4096);
  return { ...POLICY_RULES[policy], cacheSizeBytes, deflate, onEvent };
}
