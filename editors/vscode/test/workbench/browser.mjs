// A real browser without a window, and what the tests ask of the workbench inside it.

import { mkdtempSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import path from "node:path";

const { chromium } = createRequire(path.join(process.env.WORKBENCH, "package.json"))("playwright-core");
const FLAGS = "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update --disable-sync";

/** Runs `work` with a page of its own profile. */
export async function withPage(work) {
  const profile = mkdtempSync(path.join(tmpdir(), "chromium-"));
  const browser = await chromium.launchPersistentContext(profile, {
    executablePath: process.env.CHROMIUM,
    headless: true,
    viewport: { width: 1280, height: 760 },
    args: FLAGS.split(" "),
    permissions: ["clipboard-read", "clipboard-write"],
  });
  try {
    return await work(browser.pages()[0] ?? (await browser.newPage()));
  } finally {
    await browser.close();
    rmSync(profile, { recursive: true, force: true });
  }
}
