/** Tables as kubectl writes them: no lines, upper-case heads, three spaces between columns. Pure. */

const gap = "   ";

/** Rows of cells, all of the same length, as lines. Widths count characters, which suits the narrow ones printed here. */
export function columns(heads: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const all = [heads.map((head) => head.toUpperCase()), ...rows];
  const widths = heads.map((_, index) =>
    Math.max(...all.map((row) => Array.from(row[index] ?? "").length)),
  );
  return all.map((row) =>
    row
      .map((cell, index) => pad(cell, widths[index] ?? 0))
      .join(gap)
      .trimEnd(),
  );
}

function pad(cell: string, width: number): string {
  return cell + " ".repeat(Math.max(0, width - Array.from(cell).length));
}
