import { defineConfig } from "vitest/config";

/** Where CI wants the result of the tests as JSON. */
const reportFile = process.env.XBZRLE_TEST_REPORT;

export default defineConfig({
  test: {
    root: new URL("..", import.meta.url).pathname,
    include: ["{spec,reference,vectors,conformance,docs}/**/*.test.ts"],
    globalSetup: new URL("compile-simd.mjs", import.meta.url).pathname,
    testTimeout: 120_000,
    hookTimeout: 120_000,
    reporters: reportFile ? ["default", ["json", { outputFile: reportFile }]] : ["default"],
  },
});
