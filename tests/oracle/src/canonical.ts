/**
 * The canonical form of path and host, written from RFC 3986 and RFC 5952. Nothing here knows routes.
 *
 * Strings stand for their UTF-8 bytes: all that is decoded is ASCII, so characters never break.
 */

const HEXADECIMAL = /^[0-9A-Fa-f]$/;
const BROKEN_ESCAPE = /%[0-9A-Fa-f]?$/;
const UNRESERVED = /^[A-Za-z0-9\-._~]$/;
/** RFC 3986 section 3.2.2 `reg-name`: unreserved, sub-delims and escapes. */
const REGISTERED_NAME = /^(?:[A-Za-z0-9\-._~!$&'()*+,;=]|%[0-9A-Fa-f]{2})*$/;
const PORT = /^(?::[0-9]*)?$/;

/** The canonical path; null where no request has such a target. An empty path is `/` (RFC 9110 section 4.2.3). */
export function canonicalPath(raw: string): string | null {
  if (raw === "") return "/";
  if (raw === "*") return raw;
  if (!raw.startsWith("/") || hasForbiddenCharacter(raw)) return null;
  return removeDotSegments(decodeUnreserved(raw));
}

/** RFC 9112 section 3: a request target holds neither white space nor control characters. */
export function hasForbiddenCharacter(target: string): boolean {
  for (const character of target) if (character <= " " || character === "\u007f") return true;
  return false;
}

/**
 * RFC 3986 section 6.2.2.2: escapes of unreserved characters stand for those characters. Section 2.4: nothing is decoded
 * twice, so no escape may come out that did not go in: behind a broken escape a hexadecimal digit stays escaped.
 */
export function decodeUnreserved(path: string): string {
  return path.replaceAll(/%([0-9A-Fa-f]{2})/g, (escape, digits: string, place: number) => {
    const character = String.fromCharCode(Number.parseInt(digits, 16));
    const completes = HEXADECIMAL.test(character) && BROKEN_ESCAPE.test(path.slice(0, place));
    return UNRESERVED.test(character) && !completes ? character : escape;
  });
}

/** RFC 3986 section 5.2.4, its steps A to E in its order. */
export function removeDotSegments(path: string): string {
  let input = path;
  let output = "";
  while (input !== "") {
    if (input.startsWith("../")) input = input.slice(3);
    else if (input.startsWith("./")) input = input.slice(2);
    else if (input.startsWith("/./")) input = input.slice(2);
    else if (input === "/.") input = "/";
    else if (input.startsWith("/../") || input === "/..") {
      input = `/${input.slice(4)}`;
      output = output.slice(0, Math.max(output.lastIndexOf("/"), 0));
    } else if (input === "." || input === "..") input = "";
    else {
      const next = input.indexOf("/", 1);
      const end = next < 0 ? input.length : next;
      output += input.slice(0, end);
      input = input.slice(end);
    }
  }
  return output;
}

/** The canonical host: lower-case, no port, no trailing dot, IPv6 in RFC 5952 form; null where it is no host. */
export function canonicalHost(raw: string): string | null {
  if (raw.startsWith("[")) return canonicalLiteral(raw);
  const colon = raw.indexOf(":");
  const name = colon < 0 ? raw : raw.slice(0, colon);
  const port = colon < 0 ? "" : raw.slice(colon);
  if (!REGISTERED_NAME.test(name) || !PORT.test(port)) return null;
  return name.toLowerCase().replace(/\.$/, "");
}

/** The port written behind a host, if any. */
export function portOf(authority: string): number | undefined {
  const digits = /:([0-9]+)$/.exec(authority)?.[1];
  return digits === undefined ? undefined : Number(digits);
}

function canonicalLiteral(raw: string): string | null {
  const end = raw.indexOf("]");
  if (end < 0 || !PORT.test(raw.slice(end + 1))) return null;
  const groups = ipv6Groups(raw.slice(1, end));
  return groups === null ? null : `[${shortest(groups)}]`;
}

/** The eight 16-bit groups of an IPv6 address (RFC 4291 section 2.2). */
function ipv6Groups(text: string): number[] | null {
  const halves = text.split("::");
  if (halves.length > 2) return null;
  const [left, right] = halves.map((half) => (half === "" ? [] : half.split(":").flatMap(group)));
  if (left === undefined || [...left, ...(right ?? [])].includes(Number.NaN)) return null;
  if (right === undefined) return left.length === 8 ? left : null;
  const gap = 8 - left.length - right.length;
  return gap < 1 ? null : [...left, ...Array<number>(gap).fill(0), ...right];
}

/** One group, or the two that a dotted IPv4 tail stands for. */
function group(text: string): number[] {
  if (/^[0-9A-Fa-f]{1,4}$/.test(text)) return [Number.parseInt(text, 16)];
  const bytes = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(text)?.slice(1).map(Number);
  const [a = 256, b = 256, c = 256, d = 256] = bytes ?? [];
  if (Math.max(a, b, c, d) > 255) return [Number.NaN];
  return [a * 256 + b, c * 256 + d];
}

/** RFC 5952 section 4: no leading zeros, the longest run of two or more zero groups (the first of equals) is `::`. */
function shortest(groups: readonly number[]): string {
  let best = { start: -1, length: 1 };
  for (let start = 0; start < 8; start++) {
    let length = 0;
    while (start + length < 8 && groups[start + length] === 0) length++;
    if (length > best.length) best = { start, length };
  }
  const hex = groups.map((value) => value.toString(16));
  if (best.start < 0) return hex.join(":");
  return `${hex.slice(0, best.start).join(":")}::${hex.slice(best.start + best.length).join(":")}`;
}
