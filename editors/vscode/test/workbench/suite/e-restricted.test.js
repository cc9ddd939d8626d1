const assert = require("node:assert/strict");
const { existsSync } = require("node:fs");
const vscode = require("vscode");
const { found, open, until } = require("./support");

suite("a folder that is not trusted", () => {
  test("is analysed, and chooses nothing that runs", async () => {
    assert.equal(vscode.workspace.isTrusted, false);
    const { document } = await open("Эмодзи.bsl");
    await until("findings", () => found(document.uri).length > 0);
    assert.equal(vscode.workspace.getConfiguration().get("strizh.server.path"), "");
    assert.ok(!existsSync(process.env.INTRUDER_RAN), "the server of the folder was started");
  });

  test("cannot put code into an infobase", async () => {
    const { contributes } = vscode.extensions.getExtension("strizh.strizh").packageJSON;
    for (const name of ["hotReload", "planHotReload", "undoHotReload", "profile.import", "openReport"]) {
      const entry = contributes.commands.find(({ command }) => command === `strizh.${name}`);
      assert.match(entry.enablement, /isWorkspaceTrusted/, name);
    }
  });
});
