import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["ts/*/test/**/*.test.ts", "tests/**/*.test.ts"],
    // Real engines start in some tests, on two cores beside others.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    reporters: ["default"],
  },
});
