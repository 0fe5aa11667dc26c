// How a message names a file: from the notebook's folder or its package, as short as it stays clear.
import { expect, test } from "vitest";
import { fileName } from "../../../kernel/compile/file-names.ts";

const folders = { folder: "/home/me/course", ownFolders: { gradlab: "/opt/gradlab/" } };

test.each([
  ["/home/me/course/models/mine.ts", "models/mine.ts"],
  ["/home/me/course/node_modules/@s/pkg/index.d.ts", "@s/pkg/index.d.ts"],
  ["/opt/gradlab/dist/lib/tensor.d.ts", "gradlab/dist/lib/tensor.d.ts"],
  ["/home/me/courses/other.ts", "/home/me/courses/other.ts"],
  ["/opt/other.ts", "/opt/other.ts"],
])("%s is %s", (file, name) => {
  expect(fileName(file, folders)).toBe(name);
});
