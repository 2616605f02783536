/**
 * Commands as the engine's command line reads them: words, quoted where needed, and here-documents.
 *
 * Any text stays one word with the same bytes. Nothing here knows which commands there are.
 */

import { AdminError } from "./error.js";

const plainWord = /^[A-Za-z0-9_.:/=+-]+$/;
const escapes: Readonly<Record<string, string>> = {
  "\\": "\\\\",
  '"': '\\"',
  "\n": "\\n",
  "\r": "\\r",
  "\t": "\\t",
};

// eslint-disable-next-line no-control-regex -- control characters are what is looked for
const special = /["\\\u0000-\u001f\u007f]/g;

/** A word, quoted unless it is plain. NUL cannot be written in the protocol and is refused. */
export function quoteWord(word: string): string {
  if (word.includes("\0"))
    throw new AdminError("protocol", "a command cannot hold the character NUL");
  if (plainWord.test(word)) return word;
  // Bytes of UTF-8 pass through as they are; control characters could end the line and are written in octal.
  const quoted = word.replaceAll(special, (character) => escapes[character] ?? octal(character));
  return `"${quoted}"`;
}

function octal(character: string): string {
  return `\\${character.charCodeAt(0).toString(8).padStart(3, "0")}`;
}

/** A command line with its newline. */
export function commandLine(words: readonly string[]): string {
  return `${words.map(quoteWord).join(" ")}\n`;
}

/** A command whose last word is `text`, as a here-document: for texts of many lines, such as VCL. */
export function commandWithText(words: readonly string[], text: string): string {
  if (text.includes("\0"))
    throw new AdminError("protocol", "a command cannot hold the character NUL");
  const end = endMark(text);
  const body = text.endsWith("\n") ? text : `${text}\n`;
  return `${words.map(quoteWord).join(" ")} << ${end}\n${body}${end}\n`;
}

/** A word that no line of the text consists of, so that the text cannot end its own here-document. */
function endMark(text: string): string {
  const lines = new Set(text.split("\n"));
  for (let count = 0; ; count += 1) {
    const mark = `END${count}`;
    if (!lines.has(mark)) return mark;
  }
}
