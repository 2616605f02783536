import * as fc from "fast-check";
import { expect, test } from "vitest";
import { listenerOf, socketName } from "../src/engine/names.js";

test.each([
  ["http", "http"],
  ["web-1_a", "web-1_a"],
  ["shop/web/http", "ghost-shop_2fweb_2fhttp"],
  ["1st.one", "ghost-1st_2eone"],
  ["ghost", "ghost-ghost"],
  ["ghost-a", "ghost-ghost-a"],
  ["a=1,mode", "ghost-a_3d1_2cmode"],
  ["ü", "ghost-_c3_bc"],
])("%s is the socket %s", (listener, socket) => {
  expect(socketName(listener)).toBe(socket);
});

test("any name becomes one that varnishd takes, and comes back", () => {
  const name = fc.oneof(fc.string({ minLength: 1 }), fc.string({ minLength: 1, unit: "grapheme" }));
  fc.assert(
    fc.property(name, (listener) => {
      const socket = socketName(listener);
      expect(socket).toMatch(/^[A-Za-z][A-Za-z0-9_-]*$/);
      expect(socket).not.toBe("ghost");
      expect(listenerOf(socket)).toBe(Buffer.from(listener).toString("utf8"));
    }),
    { seed: 8, numRuns: 2000 },
  );
});
