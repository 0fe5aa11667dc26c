// Addresses of Jupyter servers, and what is said when nothing useful answers there.
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, test } from "vitest";
import { connectClient, parseAddress, quietClient } from "../../../cli/run/jupyter-client.ts";

test.each([
  ["http://127.0.0.1:8888", undefined, { url: "http://127.0.0.1:8888/", token: "" }],
  [
    "http://127.0.0.1:8888/lab?token=abc",
    undefined,
    { url: "http://127.0.0.1:8888/", token: "abc" },
  ],
  [
    "http://127.0.0.1:8888/tree/part-1/a.ipynb?token=abc",
    "given",
    { url: "http://127.0.0.1:8888/", token: "given" },
  ],
  [
    "https://hub.example.org/user/ann/lab",
    "t",
    { url: "https://hub.example.org/user/ann/", token: "t" },
  ],
])("%s with token %s", (text, token, address) => {
  expect(parseAddress(text, token)).toEqual(address);
});

test("what is no address is wrong use", () => {
  for (const text of ["localhost", "8888", "ftp://x"]) {
    expect(() => parseAddress(text, undefined)).toThrow(expect.objectContaining({ exitCode: 2 }));
  }
});

test.each([
  [403, 2, "refused the token"],
  [404, 3, "it answered with status 404"],
])("a server that answers %i gives exit code %i", async (status, exitCode, words) => {
  const restore = quietClient();
  const server = createServer((_, response) => response.writeHead(status).end("{}")).listen(
    0,
    "127.0.0.1",
  );
  await new Promise((resolve) => server.once("listening", resolve));
  const { port } = server.address() as AddressInfo;
  try {
    const failure = connectClient({ url: `http://127.0.0.1:${port}`, token: "x" });
    await expect(failure).rejects.toMatchObject({
      exitCode,
      message: expect.stringContaining(words),
    });
  } finally {
    server.close();
    restore();
  }
});

test("a place where nothing listens is explained", async () => {
  const failure = connectClient({ url: "http://127.0.0.1:1", token: "x" });
  await expect(failure).rejects.toMatchObject({
    exitCode: 3,
    message: expect.stringContaining("nothing answers there"),
  });
});
