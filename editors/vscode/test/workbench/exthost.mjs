// node exthost.mjs BASE_URL WORKSPACE EXTENSION TESTS: runs TESTS (index.js) inside the extension host of a workbench; the exit
// code is that of the tests.

import { withPage } from "./browser.mjs";

const TIMEOUT_MS = 300_000;
const [base, folder, extension, tests] = process.argv.slice(2);
const remote = (file) => `vscode-remote://${new URL(base).host}${file}`;
const payload = [
  ["extensionDevelopmentPath", remote(extension)],
  ["extensionTestsPath", remote(tests)],
  ["skipWelcome", "true"],
];

process.exitCode = await withPage(async (page) => {
  let finish;
  const finished = new Promise((resolve) => (finish = resolve));
  await page.exposeFunction("codeAutomationLog", () => {});
  await page.exposeFunction("codeAutomationExit", (code) => finish(code));
  const query = `folder=${encodeURIComponent(folder)}&payload=${encodeURIComponent(JSON.stringify(payload))}`;
  await page.goto(`${base}/?${query}`, { waitUntil: "commit", timeout: TIMEOUT_MS });
  const late = new Promise((resolve) => setTimeout(() => resolve(99), TIMEOUT_MS).unref());
  const code = await Promise.race([finished, late]);
  if (code !== 0 && process.env.SHOTS) await page.screenshot({ path: `${process.env.SHOTS}/extension-host-failed.png` });
  return code;
});
