import { defineConfig } from "vitest/config";

// The tests that start clusters: apart from the quick ones, because their programs take minutes to build once.
export default defineConfig({
  test: {
    include: ["tests/{cluster,conformance}/test/live/*.live.ts"],
    globalSetup: "tests/cluster/test/live/programs.ts",
    // Pods start, roll and end in these, on two cores that build other things at the same time.
    testTimeout: 180_000,
    hookTimeout: 1_200_000,
    reporters: ["verbose"],
  },
});
