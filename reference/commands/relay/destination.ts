/**
 * Where `migration-helper-xbzrle` sends a stream: `HOST[:PORT]`, or the URI of a transport that has its options with it
 * (docs/xbzrle/relay.md, "URI").
 */

import { UsageError } from "../streams.ts";

/** The port that the proposals of 2011 have. */
const DEFAULT_PORT = "4444";

/** The scheme of the URI. */
export const SCHEME = "xbzrle:";
const FORMS = "give HOST[:PORT] or xbzrle://HOST[:PORT]?OPTION=VALUE&..., an IPv6 address in brackets";

/** Where to, and options as words of a command line. */
export interface Destination {
  /** A URI that `--to` takes. */
  readonly to: string;
  readonly words: readonly string[];
}

/**
 * Takes a destination apart.
 *
 * @param text - As it was given.
 * @throws UsageError if it is none. Source: RELAY-15.
 */
export function readDestination(text: string): Destination {
  if (!text.startsWith(`${SCHEME}//`)) return { to: tcpUri(text, text), words: [] };
  const url = URL.parse(text);
  const isPlain = url !== null && url.username === "" && url.hash === "" && ["", "/"].includes(url.pathname);
  if (!isPlain) throw new UsageError(`DESTINATION ${text} is no such URI; ${FORMS}`);
  const words = [...url.searchParams].map(([name, value]) => `--${name}=${value}`);
  return { to: tcpUri(url.host, text), words };
}

/** `tcp:HOST:PORT` of `HOST[:PORT]`. */
function tcpUri(hostAndPort: string, text: string): string {
  const [, host, port = DEFAULT_PORT] = /^(\[[^\]]+\]|[^:/?]+)(?::([0-9]+))?$/.exec(hostAndPort) ?? [];
  if (host === undefined) throw new UsageError(`DESTINATION ${text} has no host; ${FORMS}`);
  return `tcp:${host}:${port}`;
}
