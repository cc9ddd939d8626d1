// What all suites use: the extension, documents of the workspace, waiting.

const { appendFileSync } = require("node:fs");
const vscode = require("vscode");

const WAIT_MS = 60_000;

/** The first true answer of `ask`. */
async function until(what, ask) {
  const deadline = Date.now() + WAIT_MS;
  for (;;) {
    const answer = await ask();
    if (answer) return answer;
    if (Date.now() > deadline) throw new Error(`waited in vain for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

const file = (name) => vscode.Uri.joinPath(vscode.workspace.workspaceFolders[0].uri, ...name.split("/"));

async function open(name) {
  const document = await vscode.workspace.openTextDocument(file(name));
  return { document, editor: await vscode.window.showTextDocument(document) };
}

const found = (uri) => vscode.languages.getDiagnostics(uri).filter(({ source }) => source === "strizh");

const keys = (uri) => found(uri).map(({ code }) => String(code?.value ?? code));

/** Place of a piece of text; `part` numbers its occurrences. */
function place(document, piece, part = 0) {
  let offset = document.getText().indexOf(piece);
  for (let skipped = 0; skipped < part; skipped += 1) offset = document.getText().indexOf(piece, offset + 1);
  if (offset < 0) throw new Error(`no ${piece} in ${document.uri}`);
  return document.positionAt(offset);
}

/** Figures for people; no test depends on them. */
function report(name, value) {
  appendFileSync(process.env.FIGURES, `${name}\t${value}\n`);
}

module.exports = { found, file, keys, open, place, report, until };
