const assert = require("node:assert/strict");
const { readdirSync, readFileSync, readlinkSync } = require("node:fs");
const { found, keys, open, place, until } = require("./support");

/** Servers that this workbench has started. */
function servers() {
  return readdirSync("/proc").filter((entry) => {
    try {
      const isServer = readlinkSync(`/proc/${entry}/exe`).startsWith(process.env.SERVER);
      return isServer && readFileSync(`/proc/${entry}/cmdline`, "utf8").includes("\0lsp");
    } catch {
      return false; // no process, or it has just ended
    }
  });
}

suite("a killed server", () => {
  test("is started again and knows the unsaved text", async () => {
    const { document, editor } = await open("Эмодзи.bsl");
    await until("findings", () => found(document.uri).length > 0);
    const assignments = () => keys(document.uri).filter((key) => key === "SelfAssign").length;
    const known = assignments();
    await editor.edit((builder) => builder.insert(place(document, "КонецПроцедуры"), "\tЕще = Еще;\n"));
    await until("the finding in the unsaved line", () => assignments() === known + 1);

    const [before] = servers();
    assert.ok(before, "no server runs");
    process.kill(Number(before), "SIGKILL");
    await until("another server", () => servers().some((pid) => pid !== before));
    await until("the finding in the unsaved line to come back", () => assignments() === known + 1);
    await editor.edit((builder) => builder.insert(place(document, "КонецПроцедуры"), "\tВновь = Вновь;\n"));
    await until("a finding of the new server", () => assignments() === known + 2);
    assert.ok(document.isDirty && document.getText().includes("Еще = Еще;"));
  });
});
