import {defineConfig} from "vitest/config";

export default defineConfig({
  test: {
    include: ["src/**/*.test.ts", "pipeline/**/*.test.ts", "reports/**/*.test.ts", "test/**/*.test.ts"],
    exclude: ["**/node_modules/**", "dist/**", "reports/dist/**", "reports/.observablehq/**"],
    testTimeout: 30_000,
    hookTimeout: 120_000,
    expect: {poll: {timeout: 10_000}}, // a page is loaded before its modules are, and machines are busy
  },
});
