// The server with gradlab's own kernel, as the course uses them together.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readdirSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { firstText, kernelOf, LabClient, runCell, untilStatus } from "../../support/lab-client.ts";
import { openChannels } from "../../support/lab-channels.ts";
import { startTestServer } from "../../support/lab-server.ts";
import type { TestServer } from "../../support/lab-server.ts";
import { untilGone } from "../../support/processes.ts";

describe("gradlab's kernel in gradlab's server", () => {
  let server: TestServer;
  let client: LabClient;

  beforeAll(async () => {
    server = await startTestServer({ defaultKernel: "gradlab" });
    client = new LabClient(server);
  });

  afterAll(async () => {
    client.dispose();
    await server.stop();
  });

  test("runs, asks, is interrupted with its state kept, restarts and survives being killed", async () => {
    const session = await client.open("own.ipynb", "gradlab");
    const kernel = kernelOf(session);
    const result = await runCell(kernel, "const answer: number = 42; answer");
    expect(
      result.messages.find(({ header }) => header.msg_type === "execute_result"),
    ).toMatchObject({
      content: { data: { "text/plain": "42" } },
    });
    expect(await runCell(kernel, 'console.log(prompt("name?"))', "Ada")).toMatchObject({
      text: "Ada\n",
    });

    const hasBegun = firstText(kernel);
    const endless = runCell(kernel, 'console.log("on"); while (true) {}');
    await hasBegun;
    await kernel.interrupt();
    expect((await endless).status).toBe("error");
    expect((await runCell(kernel, "console.log(answer)")).text).toBe("42\n");

    await kernel.restart();
    await kernel.info;
    expect((await runCell(kernel, "console.log(typeof answer)")).text).toBe("undefined\n");

    const wasTold = untilStatus(kernel, "autorestarting");
    // The host of the kernel is the parent of the process that runs the cells.
    runCell(kernel, 'process.kill(process.ppid, "SIGKILL")').catch(() => undefined);
    await wasTold;
    await kernel.info;
    expect((await runCell(kernel, "console.log(1 + 1)")).text).toBe("2\n");
    await session.shutdown();
  });
});

describe("a server that is killed without warning", () => {
  test("leaves no kernel behind, and the next server sweeps up its files", async () => {
    const folder = await mkdtemp(join(tmpdir(), "gradlab-killed-"));
    // A temporary folder of its own: servers of other tests sweep the common one at any time.
    vi.stubEnv("TMPDIR", folder);
    const module = new URL("../../../dist/lab/server/start-server.js", import.meta.url);
    const program = `
      import { startServer } from ${JSON.stringify(module.href)};
      const { url, token, port } = await startServer({ root: ${JSON.stringify(folder)} });
      console.log(JSON.stringify({ url, token, port }));`;
    const environment = { ...process.env, XDG_DATA_HOME: join(folder, "data") };
    const child = spawn(process.execPath, ["--input-type=module", "-e", program], {
      env: environment,
    });
    const [line] = (await once(child.stdout, "data")) as [Buffer];
    const { url, token, port } = JSON.parse(line.toString("utf8")) as Record<
      "url" | "token",
      string
    > & {
      port: number;
    };
    const started = await fetch(`${url}api/kernels`, {
      method: "POST",
      headers: { authorization: `token ${token}` },
    });
    const { id } = (await started.json()) as { id: string };
    const running = {
      url,
      token,
      port,
      labUrl: url,
      openingUrl: () => url,
      close: () => Promise.resolve(),
    };
    const channels = await openChannels(running, id);
    const code = "console.log(process.pid, process.ppid); while (true) {}";
    channels.request("execute_request", { code });
    const { content } = await channels.until(({ type }) => type === "stream");
    const pids = String(content["text"]).trim().split(" ").map(Number);
    expect(pids).toHaveLength(2);

    child.kill("SIGKILL");
    await untilGone(...pids);
    channels.socket.terminate();
    const left = readdirSync(folder).find((name) => name.includes(`-${child.pid}-`));
    expect(existsSync(join(folder, left ?? "", `kernel-${id}.json`))).toBe(true);
    await (await startTestServer()).stop();
    expect(existsSync(join(folder, left ?? ""))).toBe(false);
    vi.unstubAllEnvs();
    await rm(folder, { recursive: true });
  });
});
