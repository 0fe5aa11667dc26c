// Messages to a client that connects late, never, or whose socket fails in another way.
import { describe, expect, test } from "vitest";
import { awaitingPeer } from "../../../kernel/transport/awaited-peer.ts";

const unreachable = (): Error => Object.assign(new TypeError("no route"), { code: "EHOSTUNREACH" });

// Refuses the first `failures` messages.
function socket(failures: number, error = unreachable()) {
  let tries = 0;
  return {
    tries: () => tries,
    send: () => (++tries > failures ? Promise.resolve() : Promise.reject(error)),
  };
}

describe("a client that is awaited", () => {
  test("gets the message once it has connected", async () => {
    const late = socket(3);
    await awaitingPeer(late, { everyMs: 1, mostMs: 10_000 }).send([]);
    expect(late.tries()).toBe(4);
  });

  test("is given up after a while", async () => {
    const never = socket(Infinity);
    const sending = awaitingPeer(never, { everyMs: 1, mostMs: 5 }).send([]);
    await expect(sending).rejects.toThrow("no route");
    expect(never.tries()).toBeGreaterThan(1);
  });

  test("is not awaited when the socket itself is broken", async () => {
    const broken = socket(Infinity, Object.assign(new TypeError("closed"), { code: "EBADF" }));
    await expect(awaitingPeer(broken).send([])).rejects.toThrow("closed");
    expect(broken.tries()).toBe(1);
  });
});
