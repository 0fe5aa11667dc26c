// Picture files become addresses, everything else does not.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { imageAddress } from "../../../cli/run/image-address.ts";

test("a picture carries its bytes, other and missing files give nothing", () => {
  const folder = mkdtempSync(join(tmpdir(), "gradlab-"));
  try {
    for (const name of ["a.PNG", "b.svg", "secret.txt"]) writeFileSync(join(folder, name), "ABC");
    expect(imageAddress(join(folder, "a.PNG"))).toBe("data:image/png;base64,QUJD");
    expect(imageAddress(join(folder, "b.svg"))).toBe("data:image/svg+xml;base64,QUJD");
    expect(imageAddress(join(folder, "secret.txt"))).toBeUndefined();
    expect(imageAddress(join(folder, "gone.png"))).toBeUndefined();
  } finally {
    rmSync(folder, { recursive: true });
  }
});
