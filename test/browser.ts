// Which browser do tests and benchmarks open? Chromium, asking no host but the one under test.

export const CHROMIUM = "/usr/bin/chromium";

/** Root in a container needs --no-sandbox; the rest keeps Chromium from asking its own hosts for anything. */
export const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];
