// The function that is being called, as documentation.
import { expect, test } from "vitest";
import { documentationOfCall } from "../../../kernel/assist/signature.ts";

test("a call shows the fitting overload first, then the others and what its parameters mean", () => {
  const label = "scale(v: number, k?: number): number";
  const found = documentationOfCall({
    activeSignature: 1,
    signatures: [
      { label: "scale(v: string): string" },
      {
        label,
        documentation: { kind: "markdown", value: "Scales a value." },
        parameters: [
          { label: "v: number" },
          { label: [17, 27], documentation: "- the factor" },
          { label: "...rest: number[]", documentation: "more" },
        ],
      },
    ],
  });
  expect(found).toEqual({
    code: `${label}\nscale(v: string): string`,
    text: "Scales a value.\n\n*@param* `k` — the factor\n\n*@param* `rest` — more",
  });
});

test("many overloads are counted, and no signature is no documentation", () => {
  const signatures = Array.from({ length: 9 }, (_, at) => ({ label: `f(${at})` }));
  expect(documentationOfCall({ signatures })?.code).toMatch(
    /^f\(0\)\n[\s\S]*f\(4\)\n\/\/ and 4 more$/,
  );
  expect(documentationOfCall({ signatures: [] })).toBeUndefined();
});
