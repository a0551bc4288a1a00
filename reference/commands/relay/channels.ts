/**
 * The two ends of a relay: opened one after the other, and ended together.
 */

import { IncomingChannel } from "../../migration/incoming.ts";
import { OutgoingChannel } from "../../migration/outgoing.ts";
import type { Patience } from "../../migration/patience.ts";
import { RelayListener } from "../../migration/relay-listener.ts";
import { standardOutput } from "../../migration/standard.ts";
import { LISTEN_FORMS, parseRelayUri, TO_FORMS } from "../../migration/uri.ts";
import { printMessage, type StandardStreams, UsageError } from "../streams.ts";

/** Where a relay stands. */
export interface RelayTask {
  /** Where the stream comes from, and where it goes, as they were given. */
  readonly listen: string;
  readonly to: string;
  readonly streams: StandardStreams;
  /** How it waits for the receiver; its signal ends the command. */
  readonly patience: Patience;
}

/** Opens and ends the channels of one relay. */
export class RelayChannels {
  readonly #from: ReturnType<typeof parseRelayUri<"tcp" | "unix" | "standard">>;
  readonly #to: ReturnType<typeof parseRelayUri<"tcp" | "unix" | "exec" | "standard">>;
  readonly #task: RelayTask;
  #listener: RelayListener | undefined;
  #source: IncomingChannel | undefined;
  #destination: OutgoingChannel | undefined;

  /** Takes where from and where to; throws a RangeError for a URI that is none. */
  constructor(task: RelayTask) {
    this.#task = task;
    this.#from = parseRelayUri(task.listen, LISTEN_FORMS);
    this.#to = parseRelayUri(task.to, TO_FORMS);
  }

  /** Whether standard output is none of the ends, and no way back. */
  get leavesStandardOutput(): boolean {
    return this.#from.kind !== "standard" && this.#to.kind !== "standard";
  }

  /**
   * Waits for the sender, and then connects to the receiver.
   *
   * @param onFurther - Is told if the sender opens a further channel.
   * @throws ChannelError if one cannot be had; UsageError for a terminal; the reason of the signal.
   */
  async open(onFurther: () => void): Promise<{ source: IncomingChannel; destination: OutgoingChannel }> {
    this.#source = await this.#openSource();
    this.#destination = await this.#openDestination();
    this.#listener?.connectFurther(this.#to, onFurther);
    return { source: this.#source, destination: this.#destination };
  }

  /** Ends both channels in the middle of the stream: either side is to notice. */
  abandon(): void {
    this.#destination?.abandon();
    this.#source?.abandon();
  }

  /** Ends what is left beside them. */
  close(): void {
    this.#listener?.close();
  }

  async #openSource(): Promise<IncomingChannel> {
    const { streams, patience } = this.#task;
    // A sender may stand still for as long as it likes: its operator may have stopped it before the end.
    const sourcePatience = { ...patience, stallMs: Number.POSITIVE_INFINITY };
    if (this.#from.kind === "standard") {
      const answers = this.#to.kind === "standard" ? undefined : standardOutput(streams);
      return IncomingChannel.ofStandard(this.#from, streams, answers, sourcePatience);
    }
    const { listener, socket } = await RelayListener.open(this.#from, patience.signal, (place) =>
      printMessage(streams.stderr, `listening on ${place}`),
    );
    this.#listener = listener;
    return IncomingChannel.ofSocket(this.#from, socket, sourcePatience);
  }

  async #openDestination(): Promise<OutgoingChannel> {
    const { streams, patience } = this.#task;
    if (this.#to.kind !== "standard") return OutgoingChannel.open(this.#to, patience, true);
    const output = standardOutput(streams);
    if (output !== undefined) return OutgoingChannel.ofStandard(this.#to, output, patience);
    throw new UsageError("--to - is a terminal, and a stream is no text; send it to a pipe, or name another place");
  }
}
