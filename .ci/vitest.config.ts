import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    root: new URL("..", import.meta.url).pathname,
    include: ["{spec,reference,vectors,conformance,docs}/**/*.test.ts"],
    testTimeout: 60_000,
  },
});
