/** The public face of `xbzrle/vectors`: the golden vectors of the format. */

export type { Level } from "./format.ts";
export {
  type DecodeOutcome,
  type DecodeVector,
  type EncodeOutcome,
  type EncodeVector,
  type Flag,
  loadVectors,
  type Vector,
  type VectorBase,
  type VectorHead,
} from "./load.ts";
export { loadReceiveVectors, type RamPage, type ReceiveOutcome, type ReceiveVector } from "./receive.ts";
export { type GuestStep, loadSendVectors, type SendOutcome, type SendVector } from "./send.ts";
