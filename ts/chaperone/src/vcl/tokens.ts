/**
 * VCL cut into tokens, as the engine's compiler cuts it: comments, strings, inline C, words, signs. Pure.
 *
 * Knows no grammar. What it is for: finding an include or an import where it is one, and not in a comment or a string.
 */

export type TokenKind = "space" | "comment" | "string" | "inlineC" | "word" | "sign" | "broken";

export interface Token {
  readonly kind: TokenKind;
  /** As written. */
  readonly text: string;
  /** Offset in the text. */
  readonly start: number;
}

/** One pattern for each kind, in the order they are tried. Strings know no escapes; the short form ends with its line. */
const patterns: readonly (readonly [TokenKind, RegExp])[] = [
  ["space", /\s+/y],
  ["comment", /#[^\n]*|\/\/[^\n]*|\/\*[^]*?\*\//y],
  ["string", /"""[^]*?"""|"(?!"")[^"\n]*"|\{"[^]*?"\}/y],
  ["inlineC", /C\{[^]*?\}C/y],
  ["word", /[A-Za-z][A-Za-z0-9_.-]*|\d[A-Za-z0-9_.]*/y],
  ["broken", /\/\*[^]*|"""[^]*|"[^\n]*|\{"[^]*/y],
  ["sign", /[^]/uy],
];

/** All tokens; their texts put together are the text. */
export function tokenize(text: string): Token[] {
  const tokens: Token[] = [];
  for (let at = 0; at < text.length;) {
    const token = tokenAt(text, at);
    tokens.push(token);
    at += token.text.length;
  }
  return tokens;
}

function tokenAt(text: string, start: number): Token {
  for (const [kind, pattern] of patterns) {
    pattern.lastIndex = start;
    const found = pattern.exec(text)?.[0];
    if (found !== undefined) return { kind, text: found, start };
  }
  // The last pattern takes any character.
  return { kind: "sign", text: text.charAt(start), start };
}

/** The value of a string token. */
export function stringValue({ text }: Token): string {
  const fence = text.startsWith('"""') ? 3 : text.startsWith("{") ? 2 : 1;
  return text.slice(fence, -fence);
}

/** An include of a file, with the token that names it. */
export interface Include {
  readonly path: string;
  readonly token: Token;
}

/** Includes of single files; those of a pattern (`include +glob`) are left to the engine. */
export function findIncludes(tokens: readonly Token[]): Include[] {
  const meaningful = tokens.filter(({ kind }) => kind !== "space" && kind !== "comment");
  return meaningful.flatMap((token, index) => {
    const named = meaningful[index + 1];
    const isInclude = token.kind === "word" && token.text === "include";
    return isInclude && named?.kind === "string"
      ? [{ path: stringValue(named), token: named }]
      : [];
  });
}

/**
 * A string of VCL: one token with the same characters. VCL knows no escapes, so a form is chosen whose end the text does not hold.
 * Undefined for text that no form can hold: with NUL, or with the ends of both long forms.
 */
export function quoteVcl(text: string): string | undefined {
  if (text.includes("\0")) return undefined;
  if (!/["\n\r]/.test(text)) return `"${text}"`;
  if (!text.includes('"}')) return `{"${text}"}`;
  if (!text.includes('"""') && !text.endsWith('"')) return `"""${text}"""`;
  return undefined;
}
