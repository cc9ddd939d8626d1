// What a person does in the workbench, and what they see.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import path from "node:path";

const EDITOR = ".part.editor .editor-instance .monaco-editor"; // the chat has editors too

export class Workbench {
  constructor(page, folder) {
    this.page = page;
    this.folder = folder;
    this.keyboard = page.keyboard;
    this.editor = page.locator(EDITOR);
  }

  /** Without the tooltip of whatever the mouse was left on, unless the picture is of that. */
  async shot(name, { tooltip = false } = {}) {
    if (!tooltip) {
      await this.page.mouse.move(860, 15);
      await this.page.waitForTimeout(500);
      const tooltips = this.page.locator(".workbench-hover-container");
      await tooltips.first().waitFor({ state: "hidden", timeout: 3_000 }).catch(() => undefined);
    }
    return this.page.screenshot({ path: path.join(process.env.SHOTS, `${name}.png`) });
  }

  /** Opens a file by its path inside the workspace. */
  async open(file, shownAs) {
    const input = this.page.locator(".quick-input-widget input");
    const row = this.page.locator(".quick-input-list .monaco-list-row", { hasText: shownAs }).first();
    const appears = () => row.waitFor({ timeout: 5_000 }).then(() => true, () => false);
    for (let attempt = 0; attempt < 6; attempt += 1) {
      await this.keyboard.press("Escape");
      await this.keyboard.press("Control+P");
      await input.waitFor();
      await input.fill(file);
      if (await appears()) break; // the list is empty while files are still being looked for
    }
    await row.click();
    await this.page.locator(".tab.active", { hasText: shownAs }).waitFor();
    await this.editor.first().waitFor();
  }

  /** Puts the cursor behind `before`, the beginning of a line; columns are counted as seen, with wide tabs. */
  async goTo(line, before = "") {
    let column = 1;
    for (const character of before) column += character === "\t" ? 4 - ((column - 1) % 4) : 1;
    const input = this.page.locator(".quick-input-widget input");
    await this.keyboard.press("Control+G");
    await input.waitFor();
    await input.fill(`:${line}:${column}`);
    await this.keyboard.press("Enter");
    await input.waitFor({ state: "hidden" });
  }

  async run(command) {
    const input = this.page.locator(".quick-input-widget input");
    await this.keyboard.press("F1");
    await input.waitFor();
    await input.fill(`>${command}`);
    await this.page.locator(".quick-input-list .monaco-list-row", { hasText: command }).first().click();
  }

  async save() {
    await this.keyboard.press("Control+S");
    await this.page.locator(".tab.active.dirty").waitFor({ state: "detached" });
  }

  onDisk(file) {
    return readFile(path.join(this.folder, file), "utf8");
  }

  /** The element of a visible line: elements are not in the order of lines. */
  async line(text) {
    const lines = this.page.locator(`${EDITOR} .view-line`, { hasText: text.replaceAll(" ", "\u00a0") });
    await lines.first().waitFor();
    return lines.first();
  }

  /** Where a piece of a visible line is on the screen. */
  async boxOf(lineText, piece) {
    const line = await this.line(lineText);
    return line.evaluate((element, wanted) => {
      const nodes = [];
      const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
      while (walker.nextNode()) nodes.push(walker.currentNode);
      const text = nodes.map((node) => node.data.replaceAll("\u00a0", " ")).join("");
      const start = text.indexOf(wanted);
      if (start < 0) throw new Error(`no ${wanted} in ${text}`);
      const range = document.createRange();
      let offset = 0;
      for (const node of nodes) {
        const [from, to] = [start - offset, start + wanted.length - offset];
        if (from >= 0 && from < node.length) range.setStart(node, from);
        if (to > 0 && to <= node.length) range.setEnd(node, to);
        offset += node.length;
      }
      const { left, top, width, height } = range.getBoundingClientRect();
      return { left, top, width, height };
    }, piece);
  }

  /** A wavy line of this kind stands exactly below the piece of code. */
  async assertSquiggle(kind, lineText, piece) {
    const squiggles = this.page.locator(`${EDITOR} .squiggly-${kind}`);
    await squiggles.first().waitFor();
    let [wanted, boxes] = [];
    for (let attempt = 0; attempt < 20; attempt += 1) {
      wanted = await this.boxOf(lineText, piece);
      boxes = await squiggles.evaluateAll((all) => all.map((it) => it.getBoundingClientRect().toJSON()));
      const isNear = ({ left, width, top, bottom }) =>
        Math.abs(left - wanted.left) < 2 && Math.abs(width - wanted.width) < 3 && top < wanted.top + wanted.height && bottom > wanted.top;
      if (wanted.width > 0 && boxes.some(isNear)) return;
      await this.page.waitForTimeout(100); // lines are drawn anew when colours arrive
    }
    assert.fail(`no ${kind} below "${piece}": wanted ${JSON.stringify(wanted)}, there are ${JSON.stringify(boxes)}`);
  }

  /** Waits until the entry of the status bar says this. */
  async waitForStatus(wanted) {
    const entry = this.page.locator('.statusbar-item[id*="strizh.status"]');
    const complain = async () => assert.fail(`the status bar shows "${await entry.first().innerText()}", not ${wanted}`);
    await entry.filter({ hasText: wanted }).first().waitFor().catch(complain);
  }

  /** Opens a terminal with a running command, and gives the keyboard back to the editor. */
  async terminal(command) {
    await this.run("Terminal: Create New Terminal");
    await this.page.locator(".terminal .xterm-rows", { hasText: "$" }).waitFor();
    await this.keyboard.type(`${command}\n`);
    await this.run("View: Focus Active Editor Group");
  }

  notifications() {
    return this.page.locator(".notification-toast").count();
  }
}
