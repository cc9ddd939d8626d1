// Commands of the server: what the palette does not tell them is asked here, what they answer is shown here.

import { execFile } from "node:child_process";
import * as path from "node:path";
import { promisify } from "node:util";
import * as vscode from "vscode";
import type { Middleware } from "vscode-languageclient/node";
import { findServer } from "./server";

export const commandMiddleware: Middleware = {
  async executeCommand(command, args, next) {
    const complete = args.length ? args : await argumentsOf(command);
    if (!complete) return undefined;
    const result: unknown = await next(command, complete);
    await show(result);
    return result;
  },
};

/** Undefined when there is nothing to run the command on, or the user has changed their mind. */
async function argumentsOf(command: string): Promise<unknown[] | undefined> {
  switch (command) {
    case "strizh.explain":
    case "strizh.documentMethod":
    case "strizh.generateFromComment": {
      const editor = vscode.window.activeTextEditor;
      if (!editor) return undefined;
      const { line, character } = editor.selection.active;
      return [editor.document.uri.toString(), { line, character }];
    }
    case "strizh.hotReload":
    case "strizh.planHotReload":
    case "strizh.undoHotReload": {
      const document = vscode.window.activeTextEditor?.document;
      if (!document) return undefined;
      await document.save();
      return [document.uri.toString()];
    }
    case "strizh.profile.import": {
      const measured = await chooseMeasured();
      return measured && [measured.toString()];
    }
    case "strizh.explainError": {
      const text = await vscode.env.clipboard.readText();
      if (text.trim()) return [text];
      void vscode.window.showInformationMessage(vscode.l10n.t("Copy the text of an error first."));
      return undefined;
    }
    default:
      return [];
  }
}

/** Answers are shown by what they hold. */
async function show(result: unknown): Promise<void> {
  const { markdown, text } = (result ?? {}) as Record<string, unknown>;
  if (typeof markdown === "string") await showDocument("markdown", markdown);
  else if (typeof text === "string") await showDocument("plaintext", text);
}

async function showDocument(language: string, content: string): Promise<void> {
  const document = await vscode.workspace.openTextDocument({ language, content });
  await vscode.window.showTextDocument(document, { viewColumn: vscode.ViewColumn.Beside, preview: true, preserveFocus: true });
}

/** The help of the rule whose finding is at the cursor; the server writes the pages. */
export async function showRuleHelp(): Promise<void> {
  const editor = vscode.window.activeTextEditor;
  const at = editor?.selection.active;
  const found = editor ? vscode.languages.getDiagnostics(editor.document.uri) : [];
  const pages = new Map<string, vscode.Uri>();
  for (const { code, range } of found) {
    const here = at && range.start.line <= at.line && at.line <= range.end.line;
    if (here && typeof code === "object" && code.target) pages.set(String(code.value), code.target);
  }
  const keys = [...pages.keys()];
  const key = keys.length > 1 ? await vscode.window.showQuickPick(keys) : keys[0];
  const page = key && pages.get(key);
  if (page) await vscode.commands.executeCommand("markdown.showPreviewToSide", page);
  else if (!keys.length) void vscode.window.showInformationMessage(vscode.l10n.t("There is no finding of a rule on this line."));
}

/** The page with a flame graph that the program makes of measurements; inside the editor, for no browser has files of a remote machine. */
export async function openReport(extension: vscode.Extension<unknown>): Promise<void> {
  const measured = await chooseMeasured();
  if (!measured) return;
  const words = ["profile", "report", measured.fsPath, "--format=html", "--language", vscode.env.language.startsWith("ru") ? "ru" : "en"];
  const { stdout } = await promisify(execFile)((await findServer(extension)).file, words, { maxBuffer: Infinity });
  const options = { enableScripts: true, enableFindWidget: true, retainContextWhenHidden: true };
  const panel = vscode.window.createWebviewPanel("strizh.report", path.basename(measured.fsPath), vscode.ViewColumn.Active, options);
  panel.webview.html = stdout;
}

async function chooseMeasured(): Promise<vscode.Uri | undefined> {
  const [file, folder] = [vscode.l10n.t("File: a profile, a measurement, a journal"), vscode.l10n.t("Folder with technological journals")];
  const kind = await vscode.window.showQuickPick([file, folder]); // dialogs of Windows and Linux cannot offer both
  if (!kind) return undefined;
  return (await vscode.window.showOpenDialog({ title: kind, canSelectFolders: kind === folder, canSelectFiles: kind === file }))?.[0];
}

/** All commands of the manifest that can run now, behind the entry of the status bar. */
export async function showMenu(extension: vscode.Extension<unknown>): Promise<void> {
  const known = new Set(await vscode.commands.getCommands(true));
  const contributed = extension.packageJSON.contributes.commands as { command: string; title: string }[];
  const items = contributed
    .filter(({ command }) => known.has(command) && command !== "strizh.menu")
    .map(({ command, title }) => ({ label: title, command }));
  const chosen = await vscode.window.showQuickPick(items, { title: "Strizh BSL" });
  if (chosen) await vscode.commands.executeCommand(chosen.command);
}

type Place = Pick<vscode.Position, "line" | "character">;

const at = ({ line, character }: Place) => new vscode.Position(line, character);

/** Sent by the server with a refactoring that made up a name. */
export async function startRename(uri: string, position: Place): Promise<void> {
  await vscode.commands.executeCommand("editor.action.rename", [vscode.Uri.parse(uri), at(position)]);
}

type Found = { uri: string; range: { start: Place; end: Place } };

/** The server counts uses of a method; the editor shows the list. */
export async function showReferences(uri: string, position: Place, places: Found[]): Promise<void> {
  const shown = ({ start, end }: { start: Place; end: Place }) => new vscode.Range(at(start), at(end));
  const locations = places.map(({ uri, range }) => new vscode.Location(vscode.Uri.parse(uri), shown(range)));
  await vscode.commands.executeCommand("editor.action.showReferences", vscode.Uri.parse(uri), at(position), locations);
}
