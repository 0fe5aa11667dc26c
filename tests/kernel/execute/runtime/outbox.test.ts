// Text and messages leave in the order in which they were put out, and none is left behind.
import { MessageChannel } from "node:worker_threads";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { RuntimeMessage } from "../../../../kernel/execute/runtime-messages.ts";
import { SIGNAL_BYTES, SIGNALS } from "../../../../kernel/execute/runtime/bridge-messages.ts";
import { Outbox } from "../../../../kernel/execute/runtime/outbox.ts";
import {
  createRingMemory,
  RingReader,
  RingWriter,
} from "../../../../kernel/execute/runtime/output-ring.ts";

/** A reader during whose first mark the writer goes on writing. */
class RacingReader extends RingReader {
  afterMark: () => void = () => undefined;

  override mark(): number {
    const position = super.mark();
    const write = this.afterMark;
    this.afterMark = () => undefined;
    write();
    return position;
  }
}

let channel: MessageChannel;
let writer: RingWriter;
let reader: RacingReader;
let outbox: Outbox;
let sent: string[];
const host = {
  isFull: false,
  send: (message: RuntimeMessage) => sent.push(describeMessage(message)),
};

function describeMessage(message: RuntimeMessage): string {
  return message.type === "stream" ? Buffer.from(message.bytes).toString() : message.type;
}

function write(text: string): void {
  writer.write(1, false, Buffer.from(text));
}

function forward(message: RuntimeMessage): void {
  channel.port1.postMessage({ type: "forward", message, position: writer.position });
}

beforeEach(() => {
  channel = new MessageChannel();
  sent = [];
  host.isFull = false;
  const memory = createRingMemory(1024);
  writer = new RingWriter(memory, () => channel.port1.postMessage({ type: "wake" }));
  reader = new RacingReader(memory);
  const signals = new Int32Array(new SharedArrayBuffer(SIGNAL_BYTES));
  signals[SIGNALS.inFlight] = 10;
  outbox = new Outbox({
    port: channel.port2,
    ring: reader,
    signals,
    host,
    onPong: () => undefined,
    onEnded: () => undefined,
  });
});
afterEach(() => channel.port1.close());

describe("outbox", () => {
  test("a message stands between the text before and after it", () => {
    write("before");
    forward({ type: "clear", cell: 1, wait: false });
    write("after");
    outbox.pump();
    expect(sent).toEqual(["before", "clear", "after"]);
  });

  test("text whose wake is taken in together with an older one is not left behind", () => {
    write("first");
    reader.afterMark = () => write("second");
    outbox.pump();
    expect(sent).toEqual(["first", "second"]);
  });

  test("a message that is posted meanwhile does not overtake the text before it", () => {
    write("first");
    reader.afterMark = () => {
      write("second");
      forward({ type: "clear", cell: 1, wait: false });
    };
    outbox.pump();
    expect(sent.join("")).toBe("firstsecondclear");
  });

  test("a host that is behind gets nothing more until it has caught up", () => {
    host.isFull = true;
    write("kept");
    forward({ type: "clear", cell: 1, wait: false });
    outbox.pump();
    expect(sent).toEqual([]);
    host.isFull = false;
    outbox.pump();
    expect(sent).toEqual(["kept", "clear"]);
  });

  test("at the end of a cell everything goes out, even when the host is behind", () => {
    host.isFull = true;
    write("last");
    outbox.flush();
    expect(sent).toEqual(["last"]);
  });

  test("a held cell is released when its values are ready", async () => {
    channel.port1.postMessage({ type: "hold", cell: 1, isOver: false });
    outbox.flush();
    let isReleased = false;
    const released = outbox.whenReleased(1).then(() => {
      isReleased = true;
    });
    expect(isReleased).toBe(false);
    channel.port1.postMessage({ type: "hold", cell: 1, isOver: true });
    outbox.flush();
    await released;
    expect(isReleased).toBe(true);
  });
});
