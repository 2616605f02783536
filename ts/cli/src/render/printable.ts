/** Foreign text on its way to a terminal. Pure. */

// Controls move the cursor; format characters (bidirectional marks among them) make text read as it is not written.
const unprintable = /[\p{Cc}\p{Cf}\u2028\u2029]/gu;

/** Text with nothing in it that a terminal would obey, but for line feeds and tabs. */
export function printable(text: string): string {
  return text.replaceAll(unprintable, (character) =>
    character === "\n" || character === "\t" ? character : escape(character),
  );
}

/** The same on one line. */
export function printableLine(text: string): string {
  return text.replaceAll(unprintable, escape);
}

function escape(character: string): string {
  if (character === "\n") return "\\n";
  if (character === "\t") return "\\t";
  return `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;
}
