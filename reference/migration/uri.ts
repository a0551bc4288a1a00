/**
 * Where a migration goes to or comes from: the four forms of URI that QEMU's `migrate` and `-incoming` share.
 */

/** `tcp:HOST:PORT`. */
export interface TcpUri {
  readonly kind: "tcp";
  /** A name or an address, without brackets; empty for all addresses of this machine, or this machine. */
  readonly host: string;
  /** 0 to 65535; 0 lets the system choose one to listen on. */
  readonly port: number;
  /** As it was given, for messages. */
  readonly text: string;
}

/** `unix:PATH`, the path of a socket. */
export interface UnixUri {
  readonly kind: "unix";
  readonly path: string;
  readonly text: string;
}

/** `exec:COMMAND`, for /bin/sh. */
export interface ExecUri {
  readonly kind: "exec";
  readonly command: string;
  readonly text: string;
}

/** `file:PATH`, of a file, a pipe or a device. */
export interface FileUri {
  readonly kind: "file";
  readonly path: string;
  readonly text: string;
}

/** `-`, standard input or standard output. */
export interface StandardUri {
  readonly kind: "standard";
  readonly text: "-";
}

/** A place, taken apart. */
export type MigrationUri = TcpUri | UnixUri | ExecUri | FileUri;

/** One end of a relay. */
export type RelayUri = MigrationUri | StandardUri;
type RelayUriKind = RelayUri["kind"];

/** What the forms are, for messages and help. */
export const URI_FORMS = "tcp:HOST:PORT, unix:PATH, exec:COMMAND or file:PATH";

/**
 * Takes an end of a relay apart.
 *
 * @param text - A URI of the kinds that the end may have, or `-`.
 * @param forms - Which kinds these are, and what they are for messages.
 * @throws RangeError as `parseUri`, and for a URI of another kind.
 */
export function parseRelayUri<Kind extends RelayUriKind>(
  text: string,
  { kinds, words }: RelayForms<Kind>,
): Extract<RelayUri, { readonly kind: Kind }> {
  const uri: RelayUri = text === "-" ? { kind: "standard", text } : parseUri(text);
  const isOfKind = (uri: RelayUri): uri is Extract<RelayUri, { readonly kind: Kind }> =>
    (kinds as readonly string[]).includes(uri.kind);
  if (isOfKind(uri)) return uri;
  throw new RangeError(`URI ${text} is of a kind that a relay does not have here; give ${words}`);
}

/** The kinds that an end of a relay may have. */
interface RelayForms<Kind extends RelayUriKind> {
  readonly kinds: readonly Kind[];
  readonly words: string;
}

/** Where a relay takes a stream. */
export const LISTEN_FORMS = {
  kinds: ["tcp", "unix", "standard"],
  words: "tcp:HOST:PORT, unix:PATH or - (standard input)",
} as const satisfies RelayForms<RelayUriKind>;

/** Where a relay sends one. */
export const TO_FORMS = {
  kinds: ["tcp", "unix", "exec", "standard"],
  words: "tcp:HOST:PORT, unix:PATH, exec:COMMAND or - (standard output)",
} as const satisfies RelayForms<RelayUriKind>;

/** Linux has so many bytes for the path of a socket, without the zero at its end. */
const MAX_SOCKET_PATH = 107;

/**
 * Takes a URI apart.
 *
 * @param text - Of one of the four forms; an IPv6 address stands in brackets.
 * @returns Its parts.
 * @throws RangeError that names the part that is none, and says what to write.
 */
export function parseUri(text: string): MigrationUri {
  const colon = text.indexOf(":");
  const rest = text.slice(colon + 1);
  switch (text.slice(0, Math.max(0, colon))) {
    case "tcp":
      return parseTcp(rest, text);
    case "unix":
      return { kind: "unix", path: requireSocketPath(requirePart(rest, "path", text), text), text };
    case "file":
      return { kind: "file", path: requirePart(rest, "path", text), text };
    case "exec":
      return { kind: "exec", command: requirePart(rest, "command", text), text };
    default:
      throw new RangeError(`URI ${text} begins with none of tcp:, unix:, exec: and file:; give ${URI_FORMS}`);
  }
}

function parseTcp(rest: string, text: string): MigrationUri {
  const [, bracketed, name, digits] = /^(?:\[([^\]]*)\]|([^:]*)):([^:]*)$/.exec(rest) ?? [];
  if (digits === undefined) {
    throw new RangeError(`URI ${text} has no host and port; give tcp:HOST:PORT, an IPv6 address in brackets`);
  }
  const port = /^[0-9]{1,5}$/.test(digits) ? Number(digits) : Number.NaN;
  if (!(port <= 65_535)) {
    throw new RangeError(`URI ${text} has the port ${JSON.stringify(digits)}; give a number from 0 to 65535`);
  }
  const host = bracketed ?? name ?? "";
  // QEMU takes 0 for all addresses too.
  return { kind: "tcp", host: host === "0" ? "" : host, port, text };
}

function requirePart(part: string, what: string, text: string): string {
  if (part !== "" && !part.includes("\0")) return part;
  throw new RangeError(`URI ${text} has no ${what}; give ${URI_FORMS}`);
}

function requireSocketPath(path: string, text: string): string {
  const byteCount = Buffer.byteLength(path);
  if (byteCount <= MAX_SOCKET_PATH) return path;
  throw new RangeError(
    `URI ${text} has a path of ${byteCount} bytes, and that of a socket has at most ${MAX_SOCKET_PATH}; give a shorter one`,
  );
}
