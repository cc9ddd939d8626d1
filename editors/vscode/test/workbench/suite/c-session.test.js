const { readFileSync, writeFileSync } = require("node:fs");
const vscode = require("vscode");
const { found, open, until } = require("./support");

// The same edits are made in other editors; all have to end with the same findings.
suite("a session of edits", () => {
  test("ends with findings that are written down", async () => {
    const session = JSON.parse(readFileSync(process.env.SESSION, "utf8"));
    const { document, editor } = await open(session.file);
    for (const { line, start, end, text } of session.edits) {
      await editor.edit((builder) => builder.replace(new vscode.Range(line, start, line, end), text));
    }
    const last = () => JSON.stringify(found(document.uri).map(normal).sort(byPlace), undefined, 1);
    let seen = "";
    await until("findings that stay", async () => {
      const before = seen;
      seen = last();
      await new Promise((resolve) => setTimeout(resolve, 700));
      return seen === before && seen.includes(session.lastFinding);
    });
    writeFileSync(process.env.SESSION_RESULT, `${seen}\n`);
    await vscode.commands.executeCommand("workbench.action.files.revert");
  });
});

function normal({ code, severity, range: { start, end }, message }) {
  return [start.line, start.character, end.line, end.character, String(code.value), severity + 1, message];
}

function byPlace(a, b) {
  return a[0] - b[0] || a[1] - b[1] || a[2] - b[2] || a[3] - b[3] || (a[4] < b[4] ? -1 : 1);
}
