// Entry point: starts the server, shows its state and maps the commands. No language logic lives here.

import * as vscode from "vscode";
import { ModelStatusItem } from "./assistant";
import { Session } from "./client";
import { binaryVersion, findServer, ServerNotFound } from "./server";
import { needsRestart, PATH_SETTING } from "./settings";
import { Status } from "./status";

let session: Session | undefined;

export function activate(context: vscode.ExtensionContext): void {
  const output = vscode.window.createOutputChannel("Strizh BSL", { log: true });
  const status = new Status();
  const model = new ModelStatusItem();
  const current = new Session(context.extensionPath, output);
  session = current;
  const command = (name: string, action: () => unknown) =>
    vscode.commands.registerCommand(`strizh.${name}`, action);

  context.subscriptions.push(
    output,
    status,
    model,
    current,
    current.onDidChangeState((state) => status.show(state)),
    current.onDidChangeModel((state) => model.show(state)),
    // The server decides with this what settings of the folder may do.
    vscode.workspace.onDidGrantWorkspaceTrust(() => reporting(current.restart(), output)),
    command("restartServer", () => reporting(current.restart(), output)),
    command("stopServer", () => reporting(current.stop(), output)),
    command("showOutput", () => output.show()),
    vscode.commands.registerCommand("strizh.rename", startRename),
    vscode.commands.registerCommand("strizh.showReferences", showReferences),
    command("serverVersion", () => reporting(showVersion(current, context.extensionPath), output)),
    vscode.workspace.onDidChangeConfiguration((change) => {
      if (needsRestart(change)) void reporting(current.restart(), output);
    }),
  );
  void reporting(current.start(), output);
}

export async function deactivate(): Promise<void> {
  await session?.stop();
}

/** Sent by the server with a refactoring that made up a name. */
async function startRename(uri: string, position: { line: number; character: number }): Promise<void> {
  const at = new vscode.Position(position.line, position.character);
  await vscode.commands.executeCommand("editor.action.rename", [vscode.Uri.parse(uri), at]);
}

interface Place {
  line: number;
  character: number;
}

/** The server counts uses of a method; the editor shows the list. */
async function showReferences(
  uri: string,
  position: Place,
  places: { uri: string; range: { start: Place; end: Place } }[],
): Promise<void> {
  const at = (place: Place) => new vscode.Position(place.line, place.character);
  const locations = places.map(
    ({ uri, range }) => new vscode.Location(vscode.Uri.parse(uri), new vscode.Range(at(range.start), at(range.end))),
  );
  await vscode.commands.executeCommand("editor.action.showReferences", vscode.Uri.parse(uri), at(position), locations);
}

async function showVersion(current: Session, extensionRoot: string): Promise<void> {
  const running = current.version;
  const file = await findServer(extensionRoot);
  const text = running
    ? vscode.l10n.t("Strizh {0} is running: {1}", running, file)
    : vscode.l10n.t("{0} (not running): {1}", await binaryVersion(file), file);
  void vscode.window.showInformationMessage(text);
}

/** Shows the error of an action with the buttons that help to repair it. */
async function reporting(action: Promise<void>, output: vscode.LogOutputChannel): Promise<void> {
  try {
    await action;
  } catch (error) {
    void offerRepair(error, output); // open until the user answers; nothing may wait for that
  }
}

async function offerRepair(error: unknown, output: vscode.LogOutputChannel): Promise<void> {
  const setPath = vscode.l10n.t("Set Path");
  const retry = vscode.l10n.t("Retry");
  const showOutput = vscode.l10n.t("Show Output");
  const message = error instanceof Error ? error.message : String(error);
  const text =
    error instanceof ServerNotFound
      ? message
      : vscode.l10n.t("Strizh: the language server failed. {0}", message);

  const answer = await vscode.window.showErrorMessage(text, setPath, retry, showOutput);
  if (answer === setPath) await vscode.commands.executeCommand("workbench.action.openSettings", PATH_SETTING);
  if (answer === retry) await vscode.commands.executeCommand("strizh.restartServer");
  if (answer === showOutput) output.show();
}
