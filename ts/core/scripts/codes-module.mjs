/** The diagnostic codes as a TypeScript module, for `ghostctl help errors`. */

export function codesModule(codes) {
  const sorted = codes.toSorted((left, right) => (left.code < right.code ? -1 : 1));
  const entries = sorted.map(({ code, severity, title, help }) => {
    const values = { code, severity, title, help };
    const lines = Object.entries(values).map(
      ([key, value]) => `    ${key}: ${JSON.stringify(value)},`,
    );
    return `  {\n${lines.join("\n")}\n  },`;
  });
  return [
    "/** Generated from the tables of codes by `make generate`; do not edit. */",
    "",
    "export interface DescribedCode {",
    "  readonly code: string;",
    "  readonly severity: string;",
    "  readonly title: string;",
    "  readonly help: string;",
    "}",
    "",
    "export const codes: readonly DescribedCode[] = [",
    ...entries,
    "];",
    "",
  ].join("\n");
}
