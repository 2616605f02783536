/** RFC 9110 section 5.6.2 `token`: what methods, header names and parameter names are made of. */

const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;

export function isToken(text: string): boolean {
  return TOKEN.test(text);
}
