import { defineConfig } from "vitest/config";

// The operator in a real cluster, apart from the quick tests: the cluster's programs take minutes to build once.
export default defineConfig({
  test: {
    include: ["ts/operator/test/live/*.live.ts"],
    globalSetup: "tests/cluster/test/live/programs.ts",
    testTimeout: 180_000,
    hookTimeout: 1_200_000,
    reporters: ["verbose"],
  },
});
