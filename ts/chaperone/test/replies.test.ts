/** Answers as varnishd 7.1.1 gave them, and others that must not be taken for them. */

import { describe, expect, test } from "vitest";
import {
  readBackendList,
  readChildState,
  readListenAddresses,
  readParameter,
  readVclList,
} from "../src/admin/replies.js";

const vclList = `[ 2, ["vcl.list", "-j"], 1795262170.279,
  {
    "status": "active",
    "state": "auto",
    "temperature": "warm",
    "busy": 3,
    "name": "boot"
},
  {
    "status": "discarded",
    "state": "auto",
    "temperature": "cold",
    "busy": 1,
    "name": "old"
}
]
`;

const backendList = `[ 3, ["backend.list", "-j"], 1795262170.279,
  {
    "boot.foo": {
      "type": "backend",
      "admin_health": "healthy",
      "probe_message": [0, 0, "healthy"],
      "last_change": 1795262169.309
    },
    "boot.router(HTTPRoute/a b)": {
      "type": "ghost rule",
      "admin_health": "probe",
      "probe_message": [1, 2, "healthy"],
      "last_change": 1795262169.309
    }
  }
]
`;

describe("answers are read", () => {
  test("vcl.list", () => {
    expect(readVclList(vclList)).toEqual([
      { name: "boot", status: "active", state: "auto", temperature: "warm", busy: 3 },
      { name: "old", status: "discarded", state: "auto", temperature: "cold", busy: 1 },
    ]);
  });

  test("backend.list", () => {
    expect(readBackendList(backendList)).toEqual([
      { name: "boot.foo", type: "backend", adminHealth: "healthy", probe: [0, 0, "healthy"] },
      {
        name: "boot.router(HTTPRoute/a b)",
        type: "ghost rule",
        adminHealth: "probe",
        probe: [1, 2, "healthy"],
      },
    ]);
  });

  test("param.show", () => {
    const answer = '[ 2, ["param.show", "-j", "x"], 1.0,\n  {\n "name": "x", "value": 81920 }\n]\n';
    expect(readParameter(answer)).toBe(81_920);
  });

  test("status", () => {
    expect(readChildState("Child in state running")).toBe("running");
  });

  test("debug.listen_address", () => {
    const text = "http 127.0.0.1 42007\nsix ::1 8080\nghost /tmp/a b/g.sock -\n";
    expect(readListenAddresses(text)).toEqual([
      { name: "http", address: "127.0.0.1", port: 42_007 },
      { name: "six", address: "::1", port: 8080 },
      { name: "ghost", address: "/tmp/a b/g.sock" },
    ]);
  });
});

describe("what is not understood is an error", () => {
  test.each([
    ["no JSON", () => readVclList("active auto warm 0 boot")],
    ["JSON of another shape", () => readVclList("{}")],
    ["an item that is no object", () => readVclList('[2, ["vcl.list"], 1, 5]')],
    ["an unknown status", () => readVclList('[2, ["vcl.list"], 1, {"name":"a","status":"?"}]')],
    ["a backend that is no object", () => readBackendList('[2, ["b"], 1, {"a": 1}]')],
    ["no backends", () => readBackendList('[2, ["b"], 1]')],
    ["a parameter without value", () => readParameter('[2, ["p"], 1, {}]')],
    ["another sentence", () => readChildState("All is well")],
    ["a socket without port", () => readListenAddresses("http 127.0.0.1\n")],
  ])("%s", (_name, read) => {
    expect(read).toThrow(expect.objectContaining({ reason: "protocol" }));
  });
});
