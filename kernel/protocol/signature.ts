// HMAC signatures: who may speak to the kernel, and that nobody repeats an old message.
import { createHmac, timingSafeEqual } from "node:crypto";
import { ProtocolError } from "./errors.ts";

/** How many signatures are remembered before the older half is forgotten. */
const REMEMBERED_SIGNATURES = 65_536;

/** Signs and checks the four JSON frames of a message with the key of the connection file. */
export class Signer {
  readonly #key: string;
  readonly #algorithm: string;

  /**
   * @param key - shared secret; empty means that messages are not signed
   * @param scheme - for example `hmac-sha256`
   * @throws {ProtocolError} when the scheme is not an HMAC that this Node knows
   */
  constructor(key: string, scheme = "hmac-sha256") {
    this.#key = key;
    this.#algorithm = scheme.replace(/^hmac-/, "");
    this.#refuseUnknownScheme(scheme);
  }

  /** Hexadecimal signature of `frames` in this order; empty without a key. */
  sign(frames: readonly Uint8Array[]): string {
    if (this.#key === "") return "";
    const hmac = createHmac(this.#algorithm, this.#key);
    for (const frame of frames) hmac.update(frame);
    return hmac.digest("hex");
  }

  /** @throws {ProtocolError} when `signature` does not belong to `frames` */
  verify(signature: Uint8Array, frames: readonly Uint8Array[]): void {
    if (this.#key === "") return;
    const expected = Buffer.from(this.sign(frames));
    if (expected.length === signature.length && timingSafeEqual(expected, signature)) return;
    throw new ProtocolError(
      "PROTOCOL_SIGNATURE",
      "a message must be signed with the key of the connection file; this one carries another signature. " +
        "Connect with the connection file that this kernel was started with.",
    );
  }

  #refuseUnknownScheme(scheme: string): void {
    try {
      createHmac(this.#algorithm, this.#key);
    } catch (cause) {
      throw new ProtocolError(
        "PROTOCOL_CONNECTION_FILE",
        `signature_scheme must be an HMAC that Node knows, got "${scheme}". Use "hmac-sha256".`,
        { cause },
      );
    }
  }
}

/** Remembers signatures, so that a recorded message cannot be played again. */
export class ReplayGuard {
  readonly #seen = new Set<string>();
  readonly #limit: number;

  /** @param limit - signatures remembered before the older half is forgotten */
  constructor(limit: number = REMEMBERED_SIGNATURES) {
    this.#limit = limit;
  }

  /** @throws {ProtocolError} when this non-empty signature came before */
  check(signature: string): void {
    if (signature === "") return;
    if (this.#seen.has(signature)) {
      throw new ProtocolError(
        "PROTOCOL_REPLAY",
        "a message must be new; this one came before, with the same signature. Send it with a new msg_id.",
      );
    }
    this.#seen.add(signature);
    if (this.#seen.size > this.#limit) this.#forgetOlderHalf();
  }

  #forgetOlderHalf(): void {
    let surplus = Math.ceil(this.#limit / 2);
    for (const signature of this.#seen) {
      if (surplus-- <= 0) return;
      this.#seen.delete(signature);
    }
  }
}
