import { expect, test } from "vitest";
import { mainVcl } from "../src/vcl/preamble.js";

const files = { routes: "/run/g/ghost.json", ghost: "/run/g/ghost.vcl", user: "/run/g/user.vcl" };

test("Ghost's VCL, then the user's", () => {
  expect(mainVcl(files)).toMatchInlineSnapshot(`
    "vcl 4.1;
    import ghost;

    sub vcl_init {
    	new router = ghost.router("/run/g/ghost.json");
    }

    include "/run/g/ghost.vcl";

    sub vcl_recv {
    	if (!req.backend_hint) {
    		set req.backend_hint = ghost_none;
    	}
    }

    include "/run/g/user.vcl";
    "
  `);
});

test("while draining, every answer asks for the connection's end before Ghost's subroutines return", () => {
  const vcl = mainVcl({ routes: files.routes, ghost: files.ghost }, { closing: true });
  const closes = [...vcl.matchAll(/sub (\w+) \{\n\tset resp\.http\.Connection = "close";/g)];
  expect(closes.map(([, name]) => name)).toEqual(["vcl_deliver", "vcl_synth"]);
  expect(vcl.indexOf("vcl_synth")).toBeLessThan(vcl.indexOf("include"));
  expect(vcl).not.toContain("user.vcl");
});

test("a path that would end its string is written in another form, or not at all", () => {
  expect(mainVcl({ ...files, routes: '/run/"; C{' })).toContain('ghost.router({"/run/"; C{"});');
  expect(() => mainVcl({ ...files, routes: '/a"}"""' })).toThrow("cannot be written in VCL");
});
