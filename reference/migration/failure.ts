/**
 * What the system says of a channel, in words: which part of the URI, what happened, and what to do.
 */

import { existsSync } from "node:fs";
import { dirname } from "node:path";
import { ChannelError } from "./error.ts";
import type { RelayUri } from "./uri.ts";

/** Which side of a migration a channel is opened for. */
export type Side = "sender" | "receiver";

/**
 * Says what went wrong with a channel.
 *
 * @param uri - Which channel.
 * @param side - Who has opened it.
 * @param error - What was thrown.
 * @returns The error for whoever runs the migration; the same error, if it is none of the system, which have codes.
 */
export function channelFailure(uri: RelayUri, side: Side, error: unknown): unknown {
  const { code } = error as NodeJS.ErrnoException;
  if (code === undefined) return error;
  return new ChannelError(`${uri.text}: ${WORDS[uri.kind](uri as never, side, code)}`);
}

type Words<Kind extends RelayUri["kind"]> = (
  uri: Extract<RelayUri, { readonly kind: Kind }>,
  side: Side,
  code: string,
) => string;

const WORDS: { readonly [Kind in RelayUri["kind"]]: Words<Kind> } = {
  tcp: ({ host, port }, side, code) => {
    switch (code) {
      case "ECONNREFUSED":
        return `nobody listens on port ${port}; start the receiver first, or name its port`;
      case "EADDRINUSE":
        return `port ${port} is in use; end what listens there, or name another port`;
      case "EADDRNOTAVAIL":
        return side === "sender"
          ? `there is no way to host ${host || '""'}, port ${port}; name another`
          : `host ${host} is no address of this machine; name one of its own, or none for all`;
      case "EACCES":
        return `port ${port} is not allowed; name one from 1024 on`;
      case "ENOTFOUND":
      case "EAI_AGAIN":
        return `host ${host} is not known; name another, or its address`;
      case "EHOSTUNREACH":
      case "ENETUNREACH":
        return `host ${host} cannot be reached; look after the network, or name another`;
      default:
        return ofConnection(side, code);
    }
  },
  unix: ({ path }, side, code) => {
    switch (code) {
      case "ENOENT":
        return `there is no socket ${path}; start the receiver first, or name its path`;
      case "ECONNREFUSED":
        return `nobody listens on path ${path}; start the receiver first`;
      case "ENOTSOCK":
        return `path ${path} is no socket; name that of the receiver`;
      case "EADDRINUSE":
        return `path ${path} is there already; remove it if nobody listens there, or name another path`;
      case "EACCES":
      case "EPERM":
        // To listen in a folder that does not exist is told as EACCES too.
        return existsSync(dirname(path))
          ? `path ${path} is not allowed; change its permissions, or name another path`
          : `path ${path} is in a folder that does not exist; make it, or name another path`;
      default:
        return ofConnection(side, code);
    }
  },
  exec: (_uri, _side, code) => {
    if (code === "EPIPE") return "the command has ended before the end of the stream; name one that reads all of it";
    return `the command cannot be started (${code}); it is run by /bin/sh`;
  },
  file: ({ path }, side, code) => {
    switch (code) {
      case "ENOENT":
        return side === "sender"
          ? `path ${path} is in a folder that does not exist; make it, or name another path`
          : `there is no file ${path}; name one that holds a migration stream`;
      case "EISDIR":
        return `path ${path} is a folder; name a file in it`;
      case "EACCES":
      case "EPERM":
        return `path ${path} is not allowed; change its permissions, or name another path`;
      case "ENOSPC":
        return `path ${path} has no room for the stream; make room, or name another path`;
      default:
        return `path ${path} cannot be ${side === "sender" ? "written" : "read"} (${code}); name another path`;
    }
  },
  standard: (_uri, side, code) => {
    const [stream, peer] = side === "sender" ? ["output", "reader"] : ["input", "writer"];
    if (code === "EPIPE")
      return `the reader of standard output has ended before the end of the stream; see what it says`;
    return `standard ${stream} has failed (${code}); see what its ${peer} says`;
  },
};

function ofConnection(side: Side, code: string): string {
  const peer = side === "sender" ? "receiver" : "sender";
  if (code === "ECONNRESET" || code === "EPIPE") {
    return `the ${peer} has ended the connection before the end of the stream; see what it says`;
  }
  return `the connection to the ${peer} has failed (${code}); look after the network, and begin again`;
}
