// node scenario.mjs BASE_URL WORKSPACE: a person opens the demo in the workbench, reads, writes, repairs, measures, reloads and
// loses the server. STEPS=WORD leaves out the steps without that word in their title.

import assert from "node:assert/strict";
import { appendFileSync, readdirSync, readFileSync, readlinkSync } from "node:fs";
import { withPage } from "./browser.mjs";
import { liveSteps } from "./live.mjs";
import { Workbench } from "./workbench.mjs";

const [base, folder] = process.argv.slice(2);
const SALES = "CommonModules/ПродажиСервер/Ext/Module.bsl";
const EMOJI = "Эмодзи.bsl";

const steps = {
  async "findings stand exactly below the code after Cyrillic letters and emoji"(it) {
    const started = performance.now();
    await it.open(EMOJI, EMOJI);
    const opened = performance.now();
    await it.page.locator(".squiggly-error").first().waitFor();
    const seen = performance.now();
    appendFileSync(process.env.FIGURES, `screen: opening a file to the first squiggle, server cold, ms\t${(seen - started).toFixed(0)}\n`);
    appendFileSync(process.env.FIGURES, `screen: file shown to the first squiggle, server cold, ms\t${(seen - opened).toFixed(0)}\n`);
    await it.assertSquiggle("error", "привет", "Товар = Товар");
    await it.assertSquiggle("warning", "Если Товар", "Если Товар = Неопределено Тогда");
    await it.assertSquiggle("info", "Если Товар", "Сообщить");
    await it.keyboard.press("Control+Shift+M");
    await it.page.locator(".markers-panel .monaco-list-row").nth(1).waitFor();
    await it.shot("diagnostics");
    await it.keyboard.press("Control+J");
  },

  async "the status bar tells the state of the server"(it) {
    await it.waitForStatus(/Strizh/);
  },

  async "a quick fix repairs the text"(it) {
    await it.goTo(4, '\tТекст = "🙂🙂 привет"; То');
    const menu = it.page.locator(".action-widget .monaco-list-row.action");
    for (let attempt = 0; attempt < 5 && !(await menu.first().isVisible()); attempt += 1) {
      await it.keyboard.press("Control+."); // the line box gives the focus back a moment after it is gone
      await it.page.waitForTimeout(2_000);
    }
    await menu.first().waitFor();
    await it.shot("quick-fix");
    await menu.first().click();
    await it.page.locator(".squiggly-error").first().waitFor({ state: "detached" });
    await it.save();
    const line = (await it.onDisk(EMOJI)).split("\n")[3];
    assert.ok(!line.includes("Товар = Товар"), line);
    assert.ok(line.includes('"🙂🙂 привет";'), line);
  },

  async "hover tells what a name means"(it) {
    await it.open(SALES, "Module.bsl");
    await it.goTo(190);
    const hover = it.page.locator(".monaco-hover:visible", { hasText: "Функция ЦенаНаДату" }).first();
    for (let attempt = 0; attempt < 8 && !(await hover.isVisible()); attempt += 1) {
      const name = await it.boxOf("ЦенаНаДату(СтрокаТовара", "ЦенаНаДату");
      await it.page.mouse.move(name.left + name.width / 2, name.top - 60);
      await it.page.mouse.move(name.left + name.width / 2, name.top + name.height / 2, { steps: 5 });
      await it.page.waitForTimeout(1_500);
    }
    await hover.waitFor();
    await it.shot("hover", { tooltip: true });
    await it.page.mouse.move(5, 5);
  },

  async "completion knows tables inside the text of a query"(it) {
    const lines = (await it.onDisk(SALES)).split(/\r?\n/);
    const number = lines.findIndex((line) => line.includes("РегистрНакопления.Продажи.Обороты")) + 1;
    await it.goTo(number, lines[number - 1].split("Продажи.Обороты")[0]);
    await it.keyboard.press("Shift+End");
    await it.keyboard.press("Delete");
    await it.keyboard.press("Control+Space");
    const rows = it.page.locator(".suggest-widget.visible .monaco-list-row");
    await rows.filter({ hasText: "ОстаткиТоваров" }).first().waitFor();
    await rows.filter({ hasText: "Продажи" }).first().waitFor();
    await it.shot("completion-query");
    await it.keyboard.press("Escape");
    await it.keyboard.press("Control+Z");
    await it.run("File: Revert File");
  },

  async "grey text is shown and accepted with Tab"(it) {
    const lines = (await it.onDisk(SALES)).split(/\r?\n/);
    const number = lines.findIndex((line) => line.includes('УстановитьПараметр("Контрагент", Контрагент)')) + 1;
    await it.goTo(number, lines[number - 1]);
    const ghost = it.page.locator('.part.editor [class*="ghost-text"]');
    for (const typed of ["\n", "Возврат ", "Запрос."]) {
      await it.keyboard.type(typed, { delay: 30 });
      if (typed !== "\n") await it.keyboard.press("Escape"); // the list hides the grey text
      if (await ghost.first().waitFor({ timeout: 4_000 }).then(() => true, () => false)) break;
    }
    await ghost.first().waitFor();
    await it.shot("ghost-text");
    const offered = (await ghost.allInnerTexts()).join("").replaceAll("\u00a0", " ");
    await it.keyboard.press("Tab");
    await it.page.waitForTimeout(500);
    await it.save();
    const written = (await it.onDisk(SALES)).split(/\r?\n/)[number];
    assert.ok(written.trimEnd().endsWith(offered.trimEnd().split("\n")[0]) && offered.trim(), `"${offered}" is not the end of "${written}"`);
  },

  ...liveSteps,

  async "the menu of the status bar lists the commands"(it) {
    await it.page.locator('.statusbar-item[id*="strizh.status"]').first().click();
    const rows = it.page.locator(".quick-input-list .monaco-list-row");
    await rows.filter({ hasText: "Restart Server" }).first().waitFor();
    await it.shot("menu");
    await it.keyboard.press("Escape");
  },

  async "a killed server comes back, the text stays, nobody is bothered"(it) {
    await it.open(EMOJI, EMOJI);
    await it.goTo(4);
    await it.keyboard.press("End");
    await it.keyboard.type("\nНовая = Новая;");
    await it.keyboard.press("Escape");
    await it.page.locator(".squiggly-error").first().waitFor();
    const [before] = servers();
    process.kill(before, "SIGKILL");
    const deadline = Date.now() + 20_000;
    while (!servers().some((pid) => pid !== before) && Date.now() < deadline) await it.page.waitForTimeout(50);
    await it.keyboard.type("\nДругая = Другая;");
    await it.page.waitForFunction(() => document.querySelectorAll(".squiggly-error").length >= 2);
    assert.ok((await it.notifications()) <= 1, "more than one notification");
    assert.equal((await it.line("Новая = Новая")) !== undefined, true);
    await it.shot("restarted");
    await it.run("File: Revert File");
  },
};

/** Servers of the extension under test. */
function servers() {
  const found = readdirSync("/proc").filter((entry) => {
    try {
      return readlinkSync(`/proc/${entry}/exe`).startsWith(folderOfExtension) && readFileSync(`/proc/${entry}/cmdline`, "utf8").includes("\0lsp");
    } catch {
      return false;
    }
  });
  return found.map(Number);
}

const folderOfExtension = process.env.SERVER;

process.exitCode = await withPage(async (page) => {
  page.setDefaultTimeout(30_000);
  await page.goto(`${base}/?folder=${encodeURIComponent(folder)}`, { waitUntil: "commit", timeout: 120_000 });
  await page.locator(".explorer-folders-view .monaco-list-row").first().waitFor({ timeout: 120_000 });
  const it = new Workbench(page, folder);
  const wanted = Object.entries(steps).filter(([title]) => title.includes(process.env.STEPS ?? ""));
  for (const [title, step] of wanted) {
    const started = performance.now();
    try {
      await step(it);
      console.log(`ok ${title} (${((performance.now() - started) / 1_000).toFixed(1)} s)`);
    } catch (error) {
      console.log(`not ok ${title}: ${error.stack}`);
      await it.shot("failed");
      return 1;
    }
  }
  return 0;
});
