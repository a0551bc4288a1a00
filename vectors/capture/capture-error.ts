/**
 * Why a capture ends without page pairs: the one error class of `vectors/capture`, its faults and their exit statuses.
 */

/** The exit status for each fault; 0 is success, 2 a wrong command line. */
const EXIT_STATUS_OF_FAULT = {
  /** The guest did not do in time what the capture waited for. */
  "guest-late": 1,
  /** The guests gave fewer page pairs than were asked for. */
  "pairs-too-few": 1,
  /** QEMU ended while it was still needed. */
  "qemu-ended": 1,
  /** QEMU is not installed. */
  "qemu-missing": 3,
  /** QEMU answered a command with an error, or with what is no QMP. */
  "qmp-refused": 1,
  /** QEMU gave no answer, or not the awaited event, in time. */
  "qmp-timeout": 1,
  /** QEMU has no ROM files where it looks for them. */
  "roms-missing": 1,
  /** A stored capture does not agree with its provenance. */
  "stored-differs": 1,
} as const;

/** What went wrong. */
export type CaptureFault = keyof typeof EXIT_STATUS_OF_FAULT;

/** Thrown, or rejected with, by everything in this folder; the message is one line: the fault, where, what was found. */
export class CaptureError extends Error {
  override readonly name = "CaptureError";
  readonly fault: CaptureFault;

  constructor(fault: CaptureFault, found: string) {
    super(`${fault}: ${found}`);
    this.fault = fault;
  }
}

/** The exit status of `cli.ts` for whatever was thrown; 1 for what is no `CaptureError`, as a file that is not writable. */
export function exitStatusOf(error: unknown): number {
  return error instanceof CaptureError ? EXIT_STATUS_OF_FAULT[error.fault] : 1;
}
