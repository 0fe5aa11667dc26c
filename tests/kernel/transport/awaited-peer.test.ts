// Messages to a client that connects late, never, or whose socket fails in another way.
import { describe, expect, test } from "vitest";
import { awaitingPeer, AwaitedSubscriber } from "../../../kernel/transport/awaited-peer.ts";

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

describe("the first subscriber", () => {
  const publishing = (mostMs?: number) => {
    const sent: string[] = [];
    const awaited = new AwaitedSubscriber(
      {
        send([frame]) {
          sent.push(Buffer.from(frame ?? []).toString());
          return Promise.resolve();
        },
      },
      mostMs,
    );
    return { awaited, sent };
  };
  const frames = [Buffer.from("status")];

  test("hears what was published before it came", async () => {
    const { awaited, sent } = publishing();
    const first = awaited.send(frames);
    await Promise.resolve();
    expect(sent).toEqual([]);
    awaited.start();
    await first;
    await awaited.send([Buffer.from("idle")]);
    expect(sent).toEqual(["status", "idle"]);
  });

  test("is not waited for longer than a while", async () => {
    const { awaited, sent } = publishing(1);
    await awaited.send(frames);
    expect(sent).toEqual(["status"]);
  });
});
