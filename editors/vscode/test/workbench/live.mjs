// Steps with a living infobase and with measurements of it.

import assert from "node:assert/strict";
import { Host } from "./host.mjs";

const SALES = "CommonModules/ПродажиСервер/Ext/Module.bsl";
const GOODS = "Catalogs/Номенклатура/Ext/ManagerModule.bsl";
const METHOD = "Справочники.Номенклатура.СтавкаНДСПоУмолчанию";

/** Picks the measurements in the list of kinds and in the dialog of the editor. */
async function choose(it, path) {
  await it.page.locator(".quick-input-list .monaco-list-row", { hasText: "File: a profile" }).first().click();
  const input = it.page.locator(".quick-input-widget input");
  await it.page.locator(".quick-input-widget", { hasText: "OK" }).waitFor();
  for (let attempt = 0; attempt < 10; attempt += 1) {
    await input.fill(path);
    await it.page.waitForTimeout(1_000);
    if ((await input.inputValue()) === path) break; // the dialog fills in a folder of its own at first
  }
  await it.keyboard.press("Enter");
}

export const liveSteps = {
  async "an imported profile is shown on its lines, with the cause"(it) {
    await it.open(SALES, "Module.bsl");
    await it.run("View: Toggle Primary Side Bar Visibility"); // numbers stand behind the lines
    await it.goTo(35);
    await it.run("Strizh: Import a Profile…");
    await choose(it, `${it.folder}/profile.json`);
    const numbers = it.page.locator(`.part.editor .view-lines`, { hasText: /10.000.×/ });
    await numbers.waitFor();
    await it.page.locator(".part.editor .codelens-decoration", { hasText: "2,4" }).first().waitFor();
    await it.page.keyboard.press("Escape");
    await it.shot("profile");
    await it.run("Strizh: Clear the Profile");
    await numbers.waitFor({ state: "detached" });
    await it.run("View: Toggle Primary Side Bar Visibility");
  },

  async "the report of a profile opens inside the editor, and is alive"(it) {
    await it.open(SALES, "Module.bsl");
    await it.run("Strizh: Open the Report of the Profile");
    await choose(it, `${it.folder}/profile.json`);
    const report = it.page.frameLocator("iframe.webview.ready").frameLocator("#active-frame");
    const boxes = report.locator("#flame g");
    await boxes.nth(2).waitFor();
    assert.match(await report.locator("#summary").innerText(), /2[.,]5/);
    assert.equal(await report.locator("#reset").isVisible(), false);
    await boxes.nth(1).click();
    await report.locator("#reset").waitFor(); // its script runs
    await report.locator("#reset").click();
    await it.run("View: Toggle Primary Side Bar Visibility");
    await it.shot("report");
    await it.run("View: Toggle Primary Side Bar Visibility");
    await it.run("View: Close Editor");
  },

  async "a module is reloaded into a living host"(it) {
    const host = await Host.start(it.folder, METHOD);
    try {
      await host.says(`${METHOD} = 20\n`);
      await it.open(GOODS, "ManagerModule.bsl");
      const rate = async (from, to) => {
        const lines = (await it.onDisk(GOODS)).split(/\r?\n/);
        const number = lines.findIndex((line) => line.includes(`Возврат ${from};`)) + 1;
        await it.goTo(number, lines[number - 1]);
        for (let typed = 0; typed < `${from};`.length; typed += 1) await it.keyboard.press("Backspace");
        await it.keyboard.type(`${to};`);
        await it.keyboard.press("Escape");
      };
      await it.terminal("tail -n +1 -f ../host.log");

      // By the code action, which applies what is saved; then by the command, which saves.
      await rate(20, 21);
      await it.save();
      await it.run("Source Action...");
      await it.page.locator(".action-widget .monaco-list-row.action", { hasText: /перезагруз|Hot reload/i }).first().click();
      await host.says(`${METHOD} = 21\n`);
      await it.waitForStatus(/Номенклатура.* reloaded in \d+ ms/);

      await rate(21, 22);
      await it.run("Strizh: Hot Reload This Module");
      await host.says(`${METHOD} = 22\n`);
      await it.waitForStatus(/Номенклатура.* reloaded in \d+ ms/);
      await it.page.locator(".terminal .xterm-rows", { hasText: /= 22/ }).waitFor();
      await it.shot("hot-reload");

      // What is not accepted by the parser reaches nobody, and the status bar says so.
      await rate(22, "23 +");
      await it.run("Strizh: Hot Reload This Module");
      await it.waitForStatus(/Номенклатура\S*: \d+:\d+/);
      await it.shot("hot-reload-rejected");
      assert.doesNotMatch(host.said, /= 23/);
      await rate("23 +", 22);
      await it.save();
    } finally {
      host.stop();
    }
    await it.run("Terminal: Kill the Active Terminal Instance");
  },
};
